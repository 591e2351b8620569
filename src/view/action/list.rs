//! The pages of action items: by urgency, by owner and by incident.

use super::*;

/// The data for the templates of a page of action items.
#[derive(Debug, Clone, Serialize)]
pub struct ActionsView<'a, 'v> {
    /// The heading of the page.
    pub heading: Cow<'a, str>,
    /// The reference date.
    pub as_of: String,
    /// The summary: `3 open action items, 1 overdue.`
    pub state: String,
    /// The items that the page lists, if that is not all: `the latest 500 of 812 messages`.
    pub cut: Option<String>,
    /// Whether any row states the incidents since its due date.
    pub has_cost: bool,
    /// The parts of the list that have action items.
    pub parts: Vec<ActionPart<'a, 'v>>,
}

/// A part of a list of action items.
#[derive(Debug, Clone, Serialize)]
pub struct ActionPart<'a, 'v> {
    /// The anchor.
    pub anchor: String,
    /// The heading.
    pub title: String,
    /// The ID of the incident, in the list by incident.
    pub incident: Option<&'a str>,
    /// The path of the page with the action items, without its extension, if this page only refers to it.
    pub page: Option<String>,
    /// The number of action items as text.
    pub count: String,
    /// The items that the page lists, if that is not all: `the latest 500 of 812 messages`.
    pub cut: Option<String>,
    /// Whether it is collapsed at first.
    pub folded: bool,
    /// The action items.
    pub rows: Vec<Cow<'v, ActionRow<'a>>>,
}

impl<'a, 'v> ActionsView<'a, 'v> {
    /// Lists action items by urgency; `listed` are those of `items` that pages list.
    #[must_use]
    pub fn new(items: &Items<'a>, listed: &'v [ActionRow<'a>]) -> Self {
        let parts = [
            (Urgency::Overdue, "overdue", "Overdue"),
            (Urgency::Soon, "soon", "Due Within 7 Days"),
            (Urgency::Open, "open", "Open"),
            (Urgency::Closed, "closed", "Done"),
        ];
        let parts = parts.into_iter().map(|(urgency, anchor, title)| {
            let listed = listed.iter().filter(|row| row.urgency == urgency);
            let rows: Vec<Cow<'v, ActionRow<'a>>> = listed.map(Cow::Borrowed).collect();
            let all = items.count(urgency);
            let cut = |which| {
                format!(
                    "the {which} {} of {}",
                    separated(rows.len()),
                    separated(all)
                )
            };
            let is_cut = rows.len() < all;
            ActionPart {
                anchor: anchor.to_owned(),
                title: title.to_owned(),
                incident: None,
                page: None,
                count: match urgency {
                    Urgency::Closed => format!("{} done or cancelled", separated(all)),
                    _ => counted(all, "action item"),
                },
                cut: is_cut.then(|| match urgency {
                    Urgency::Closed => cut("latest"),
                    _ => cut("first"),
                }),
                folded: urgency == Urgency::Closed,
                rows,
            }
        });
        Self {
            heading: "Action Items".into(),
            as_of: items.as_of.to_string(),
            state: state(items),
            cut: None,
            has_cost: listed.iter().any(|row| row.cost.is_some()),
            parts: parts.filter(|part| !part.rows.is_empty()).collect(),
        }
    }

    /// Lists the open action items of an owner by urgency.
    #[must_use]
    pub fn of_owner(items: &Items<'a>, listed: &'v [ActionRow<'a>], owner: &'a str) -> Self {
        Self {
            heading: format!("Action Items of {owner}").into(),
            ..Self::new(items, listed)
        }
    }

    /// Lists open action items by owner, unassigned ones first, or the owners if that would not list all.
    #[must_use]
    pub fn by_owner(items: &Items<'a>, listed: &'v [ActionRow<'a>]) -> Self {
        Self::grouped(items, listed, GroupBy::Owner)
    }

    /// Lists open action items by incident, the latest ID first.
    #[must_use]
    pub fn by_incident(items: &Items<'a>, listed: &'v [ActionRow<'a>]) -> Self {
        Self::grouped(items, listed, GroupBy::Incident)
    }

    fn grouped(items: &Items<'a>, listed: &'v [ActionRow<'a>], by: GroupBy) -> Self {
        let mut anchors = UsedNames::from_names(&["content", "actions"]);
        for row in listed {
            anchors.assign(&row.anchor);
        }
        let mut totals: BTreeMap<Key<'a>, (usize, usize)> = BTreeMap::new();
        let mut spellings: BTreeMap<Key<'a>, BTreeMap<&str, usize>> = BTreeMap::new();
        for item in &items.items {
            let action = item.action();
            let owners: Vec<&str> = action.iter().flat_map(ActionSummary::owners).collect();
            for owner in &owners {
                let spelled = spellings.entry(of_owner(owner)).or_default();
                *spelled.entry(owner).or_default() += 1;
            }
            for key in by.keys(&owners, &item.summary.id) {
                let (open, overdue) = totals.entry(key).or_default();
                *open += usize::from(item.urgency != Urgency::Closed);
                *overdue += usize::from(item.urgency == Urgency::Overdue);
            }
        }
        let mut found: BTreeMap<Key<'a>, Vec<Cow<'v, ActionRow<'a>>>> = BTreeMap::new();
        let listed = listed.iter().filter(|row| row.urgency != Urgency::Closed);
        let has_pages = matches!(by, GroupBy::Owner) && items.is_cut();
        if has_pages {
            let open = totals.iter().filter(|(_, (open, _))| *open > 0);
            found.extend(open.map(|(key, _)| (key.clone(), Vec::new())));
        } else {
            for row in listed.clone() {
                for (index, key) in by.keys(&row.owners, row.incident).into_iter().enumerate() {
                    let mut row = Cow::Borrowed(row);
                    if index > 0 {
                        // An ID may occur once on a page, so the row of a further owner has another one.
                        row.to_mut().anchor = anchors.assign(&row.anchor);
                    }
                    found.entry(key).or_default().push(row);
                }
            }
        }
        let parts = found.into_iter().filter_map(|(key, rows)| {
            let (open, overdue) = totals.get(&key).copied()?;
            let overdue = match overdue {
                0 => String::new(),
                overdue => format!(", {} overdue", separated(overdue)),
            };
            let (title, incident) = match by {
                GroupBy::Owner => {
                    let of_owner = spellings.get(&key).into_iter().flatten();
                    let most_used = of_owner.max_by_key(|(name, uses)| (**uses, Reverse(**name)));
                    (most_used.map_or(UNASSIGNED, |(name, _)| *name), None)
                }
                GroupBy::Incident => {
                    let first = rows.first()?;
                    (first.incident_title, Some(first.incident))
                }
            };
            Some(ActionPart {
                anchor: anchors.assign(&format!("of-{}", slugify(title))),
                title: title.to_owned(),
                incident,
                page: has_pages.then(|| owner_page(title)),
                count: format!("{} open{overdue}", separated(open)),
                cut: None,
                folded: false,
                rows,
            })
        });
        let has_cost = !has_pages && listed.clone().any(|row| row.cost.is_some());
        let (shown, all) = (listed.count(), items.open());
        Self {
            heading: match by {
                GroupBy::Owner => "Action Items by Owner".into(),
                GroupBy::Incident => "Action Items by Incident".into(),
            },
            as_of: items.as_of.to_string(),
            state: state(items),
            cut: (shown < all && !has_pages).then(|| {
                format!(
                    "the first {} of {} by due date",
                    separated(shown),
                    separated(all)
                )
            }),
            has_cost,
            parts: parts.collect(),
        }
    }
}

fn state(items: &Items) -> String {
    let (open, overdue) = (items.open(), items.count(Urgency::Overdue));
    if items.items.is_empty() {
        return "No action items recorded yet.".to_owned();
    }
    if open > 0 {
        return format!(
            "{}, {} overdue.",
            counted(open, "open action item"),
            separated(overdue)
        );
    }
    let since = items.as_of.checked_sub_days(Days::new(30));
    let recent = items.items.iter().filter_map(Item::action);
    let recent = recent.filter(|action| {
        action.is_done() && action.done_on > since && action.done_on <= Some(items.as_of)
    });
    format!(
        "No open action items. {} done in the last 30 days.",
        separated(recent.count())
    )
}
