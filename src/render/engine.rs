//! Adds the embedded and the custom templates to an engine.

use super::*;

/// Adds the templates with these extensions: the embedded ones, or custom ones with the same path.
pub(super) fn add_templates(
    tera: &mut Tera,
    extensions: &[&str],
    custom: &[OwnTemplate],
) -> Result<(), TemplateError> {
    let is_wanted = |path: &str| extensions.iter().any(|extension| path.ends_with(extension));
    // A page must have the text of a custom Markdown section, so that replaces the embedded HTML of the section too.
    let is_replaced = |path: &str| {
        let markdown = path.replace(".html", ".md");
        let mut names = SECTIONS.iter().map(|(name, _)| name);
        let has_section = names.any(|name| path == format!("section/{name}.html"));
        (has_section || path == "report/head.html")
            && custom.iter().any(|custom| custom.path == markdown)
    };
    let embedded = TEMPLATES
        .iter()
        .copied()
        .filter(|(path, _)| !is_replaced(path));
    let custom = custom
        .iter()
        .map(|custom| (custom.path.as_str(), custom.text.as_str()));
    // The last template of a path counts.
    let templates = embedded.chain(custom).filter(|(path, _)| is_wanted(path));
    // Named by the folder, so that errors name the file; templates include each other without it.
    tera.set_fallback_prefixes([FOLDER])?;
    Ok(tera.add_raw_templates(templates.map(|(path, text)| (format!("{FOLDER}{path}"), text)))?)
}

/// The folder of templates.
const FOLDER: &str = "templates/";
