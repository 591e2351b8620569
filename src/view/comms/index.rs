//! The page that lists the messages of all incidents.

use super::*;

/// The maximum number of messages on the page for all incidents.
const MOST_ROWS: usize = 500;

/// Returns the time of the first message that the page lists, by the times of all messages; `None` if it lists all.
#[must_use]
pub fn first_listed(mut sent: Vec<Option<DateTime<Utc>>>) -> Option<DateTime<Utc>> {
    sent.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
    sent.get(MOST_ROWS - 1).copied().flatten()
}

/// The data for the templates of the messages of all incidents.
#[derive(Debug, Clone, Serialize)]
pub struct CommsIndexView<'a> {
    /// The message that is due next.
    pub next: Option<NextView<'a>>,
    /// The items that the page lists, if that is not all: `the latest 500 of 812 messages`.
    pub cut: Option<String>,
    /// The messages, newest first.
    pub rows: Vec<CommsRowView<'a>>,
}

/// The message that is due next.
#[derive(Debug, Clone, Serialize)]
pub struct NextView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The time it is due.
    pub due: MomentView,
}

/// A message in the list over all incidents.
#[derive(Debug, Clone, Serialize)]
pub struct CommsRowView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The position among all messages of the incident, from 1.
    pub number: usize,
    /// The stage.
    pub stage: Word<'static>,
    /// The audience.
    pub audience: Word<'static>,
    /// The subject, or the first line of the text if it has none.
    pub headline: Option<&'a str>,
    /// The first line of the text below the subject.
    pub first_line: Option<&'a str>,
    /// The channel with its preposition.
    pub via: Option<ViaView<'a>>,
    /// The time it was sent.
    pub sent: Option<MomentView>,
    /// The approver.
    pub approved_by: Option<&'a str>,
    /// The time since the previous message as text.
    pub gap: Option<String>,
    /// Whether that was longer than promised.
    pub is_late: bool,
}

impl<'a> CommsIndexView<'a> {
    /// Creates the page for all incidents that an audience may read.
    #[must_use]
    pub fn new(summaries: &[&'a Summary], config: &Config) -> Self {
        let calendar = crate::view::row::calendar(config);
        let mut rows: Vec<(Option<DateTime<Utc>>, CommsRowView)> = Vec::new();
        let latest_only = |rows: &mut Vec<(Option<DateTime<Utc>>, CommsRowView)>| {
            rows.sort_by_key(|(at, row)| std::cmp::Reverse((*at, row.id, row.number)));
            rows.truncate(MOST_ROWS);
        };
        for summary in summaries {
            // Drop the oldest rows early, because all rows together are large.
            if rows.len() > 4 * MOST_ROWS {
                latest_only(&mut rows);
            }
            for summarized in &summary.messages {
                rows.push((
                    summarized.sent.map(|sent| sent.at),
                    CommsRowView {
                        id: &summary.id,
                        title: &summary.title,
                        number: summarized.number,
                        stage: Word::from(label::stage(summary.kind, summarized.stage)),
                        audience: Word::new(
                            summarized.audience.as_str(),
                            label::audience(summarized.audience),
                        ),
                        headline: summarized
                            .subject
                            .as_deref()
                            .or(summarized.first_line.as_deref()),
                        first_line: summarized
                            .first_line
                            .as_deref()
                            .filter(|_| summarized.subject.is_some()),
                        via: summarized.channel.as_deref().map(ViaView::new),
                        sent: summarized.sent.map(|sent| calendar.moment(sent)),
                        approved_by: summarized.approved_by.as_deref(),
                        gap: summarized.gap.map(|gap| gap.to_string()),
                        is_late: summarized.is_late,
                    },
                ));
            }
        }
        latest_only(&mut rows);
        let all = summaries.iter().map(|summary| summary.message_count).sum();
        let next = summaries
            .iter()
            .filter(|summary| !summary.is_superseded)
            .filter_map(|summary| Some((due(summary)?, summary)))
            .min_by_key(|(due, summary)| (due.at, &summary.id));
        Self {
            next: next.map(|(due, summary)| NextView {
                id: &summary.id,
                title: &summary.title,
                due: calendar.moment(due),
            }),
            cut: latest(MOST_ROWS, all, "message"),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

/// Returns when the next message about an open incident is due.
#[must_use]
pub fn due(summary: &Summary) -> Option<Moment> {
    if !summary.status.is_open() || summary.status == Status::Planned {
        return None;
    }
    let last = summary
        .messages
        .iter()
        .rfind(|message| message.sent.is_some())?;
    last.due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_listed_from_the_time_of_the_oldest_that_fits() {
        let at = |second| DateTime::from_timestamp(second, 0);
        let times = |count: i64| (0..count).map(at).chain([None]).collect();
        assert_eq!(first_listed(times(499)), None, "all are listed");
        assert_eq!(first_listed(times(500)), at(0));
        assert_eq!(first_listed(times(620)), at(120));
        assert_eq!(first_listed(Vec::new()), None);
    }
}
