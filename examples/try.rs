use afterword::{archive::*, audience::Audience, config::Config, facts::*, render::*, view::*};
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let id = std::env::args().nth(2).unwrap();
    let t = std::fs::read_to_string(format!("{root}/incidents/{id}.toml")).unwrap();
    let incident: afterword::incident::Incident = toml::from_str(&t).unwrap();
    let timeline = std::fs::read_to_string(format!("{root}/timelines/{id}.json"))
        .map(|j| serde_json::from_str(&j).unwrap())
        .unwrap_or_default();
    let record = Record {
        id: id.clone(),
        incident,
        timeline,
        source: RecordSource {
            incident: format!("incidents/{id}.toml").into(),
            ..Default::default()
        },
        files: Default::default(),
    };
    let mut record = record;
    for r in &record.incident.references {
        if let Some(f) = &r.file {
            let p = record.resolve(f).unwrap();
            record.files.insert(p, ReferredFile::Opaque);
        }
    }
    let config = Config::default();
    let facts = Facts::of(&record, &config);
    let mut rel = Relations::default();
    for id in ["INC-2026-0306", "INC-2026-0310", "RCA-2026-0311"] {
        rel.incidents.insert(id.into(), Relation::Shown(id.into()));
    }
    if id == "RCA-2026-0311" {
        rel.superseded_by
            .push(Relation::Shown("RCA-2026-0316".into()));
    }
    let report = Report::of(&record, &facts, &config, &rel, Audience::Internal);
    let r = Renderer::new(
        &[],
        SiteView {
            title: "x".into(),
            audience: "internal",
            audience_label: "Internal",
        },
    )
    .unwrap_or_else(|e| panic!("{e}"));
    let out = r.report(&report).unwrap_or_else(|e| panic!("{e}"));
    if std::env::args().nth(3).is_some() {
        print!("{}", out.html)
    } else {
        print!("{}", out.markdown);
    }
}
