//! Charts as rectangles, dots and labels, so that every machine draws the same: across in percent of the width, down in
//! pixels, so that text is never scaled.
//!
//! A chart shows only data of the table next to it. A few incidents are drawn one by one, many as a bar.

use serde::Serialize;

use super::metrics::ResponseMetricView;
use super::short;
use super::trends::{IncidentLink, MonthView, PartView, QuarterView, SeverityKeyView, Taken};

/// The maximum number of things that a chart draws one by one.
const FEW_THINGS: usize = 12;

/// A chart.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChartView<'a> {
    /// The title, which describes the chart to those who do not see it.
    pub title: String,
    /// The height in pixels.
    pub height: i64,
    /// The rectangles.
    pub bars: Vec<BarView<'a>>,
    /// The dots, each an incident.
    pub dots: Vec<DotView>,
    /// The labels.
    pub labels: Vec<LabelView>,
}

/// A rectangle of a chart.
#[derive(Debug, Clone, Default, Serialize)]
pub struct BarView<'a> {
    /// The class: `rank-1`, `range`, `bar`, `middle`, `rule`, `good`, `bad`.
    pub kind: String,
    /// The distance from the left.
    pub x: String,
    /// The distance from the top.
    pub y: i64,
    /// The width.
    pub width: String,
    /// The height.
    pub height: i64,
    /// The incident that it is.
    pub incident: Option<IncidentLink<'a>>,
}

/// A dot of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct DotView {
    /// The class: `rank-1`.
    pub kind: String,
    /// The distance from the left.
    pub x: String,
    /// The distance from the top.
    pub y: i64,
    /// The tooltip: `INC-2025-0141 46m`.
    pub title: String,
}

/// A label on a chart.
#[derive(Debug, Clone, Serialize)]
pub struct LabelView {
    /// The distance from the left.
    pub x: String,
    /// The distance of the baseline from the top.
    pub y: i64,
    /// Whether the text ends at `x` instead of starting there.
    pub end: bool,
    /// The text.
    pub text: String,
}

/// Prints thousandths of the width.
fn percent(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths.rem_euclid(10))
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 1_000_000)
}

/// Returns the class of a severity by its rank, where 0 is the most severe.
fn rank(rank: Option<usize>) -> String {
    rank.map_or_else(String::new, |rank| format!("rank-{}", rank.min(4)))
}

fn bar(kind: &str, (x, width): (i64, i64), (y, height): (i64, i64)) -> BarView<'static> {
    BarView {
        kind: kind.to_owned(),
        x: percent(x),
        y,
        width: percent(width),
        height,
        incident: None,
    }
}

/// The height of the bars of the chart of months.
const HIGH: i64 = 132;

/// Draws the incidents of each month, by severity: as blocks while they are few, else as bars.
pub(super) fn months<'a>(
    months: &[MonthView<'a>],
    severities: &[SeverityKeyView],
) -> Option<ChartView<'a>> {
    let most = months.iter().map(|month| month.count.incidents).max()?;
    if most == 0 {
        return None;
    }
    let mut chart = ChartView {
        title: "Incidents by month and severity".to_owned(),
        ..ChartView::default()
    };
    let step = 1000 / whole(months.len()).max(1);
    let are_blocks = most <= FEW_THINGS / 2;
    // A block for each incident is nearly as large as a finger needs.
    let block = (HIGH / whole(most)).min(44);
    let high = if are_blocks {
        block * whole(most)
    } else {
        HIGH
    };
    for (index, month) in months.iter().rev().enumerate() {
        let x = step * whole(index);
        let mut top = high;
        for (count, severity) in month.count.by_severity.iter().zip(severities).rev() {
            let mut add = |height: i64, incident: Option<IncidentLink<'a>>| {
                top -= height;
                chart.bars.push(BarView {
                    incident,
                    ..bar(
                        &rank(severity.rank),
                        (x, step - 8),
                        (top, (height - 2).max(1)),
                    )
                });
            };
            if are_blocks {
                let of_severity = month.named.links.iter().rev();
                let is = |incident: &&IncidentLink| incident.severity == severity.key.as_deref();
                for incident in of_severity.filter(is) {
                    add(block, Some(incident.clone()));
                }
            } else if *count > 0 {
                add((whole(*count) * HIGH / whole(most)).max(3), None);
            }
        }
        if index % 3 == 0 {
            chart.labels.push(LabelView {
                x: percent(x),
                y: high + 18,
                end: false,
                text: month.count.label.clone(),
            });
        }
    }
    chart.height = high + 24;
    chart.bars.push(bar("rule", (0, 1000), (high, 1)));
    Some(chart)
}

/// A logarithmic scale of durations.
pub(super) struct Scale {
    least: i64,
    most: i64,
}

/// The durations that a scale may name.
const TICKS: &[i64] = &[1, 10, 60, 300, 900, 3_600, 14_400, 86_400, 604_800];

impl Scale {
    /// Creates the scale for durations: from the tick at or below the shortest to the longest.
    pub(super) fn new(seconds: impl Iterator<Item = i64> + Clone) -> Option<Self> {
        let (least, most) = (seconds.clone().min()?, seconds.max()?);
        let tick = TICKS.iter().rev().find(|tick| **tick <= least);
        Some(Self {
            least: doublings(tick.copied().unwrap_or(1)),
            most: doublings(most).max(doublings(least) + 1000),
        })
    }

    /// Returns the position of a duration on a scale of a length.
    fn at(&self, seconds: i64, length: i64) -> i64 {
        (doublings(seconds) - self.least).max(0) * length / (self.most - self.least).max(1)
    }

    /// Returns the durations that the scale names, with their positions, at least a tenth of its length apart.
    fn ticks(&self, length: i64) -> Vec<(i64, String)> {
        let mut ticks: Vec<(i64, String)> = Vec::new();
        for seconds in TICKS {
            let doubled = doublings(*seconds);
            let at = self.at(*seconds, length);
            let is_apart = ticks
                .last()
                .is_none_or(|(last, _)| at - last >= length / 10);
            if doubled >= self.least && doubled <= self.most && is_apart {
                ticks.push((at, short(*seconds)));
            }
        }
        ticks
    }
}

/// The width of a scale across a cell, in thousandths: the last label needs the rest.
const ACROSS: i64 = 930;
/// The height of a row.
const ROW: i64 = 24;

/// Draws the head of the column that shows response times on one scale.
pub(super) fn scale_head(scale: &Scale) -> ChartView<'static> {
    let ticks = scale.ticks(ACROSS).into_iter();
    ChartView {
        height: 16,
        labels: ticks
            .map(|(x, text)| LabelView {
                x: percent(x),
                y: 13,
                end: false,
                text,
            })
            .collect(),
        ..ChartView::default()
    }
}

/// Draws a response time on the scale: each incident as a dot while they are few, else the range and the bar from the
/// median to p90.
pub(super) fn scale_row(
    scale: &Scale,
    metric: &ResponseMetricView,
    taken: &[Taken],
) -> Option<ChartView<'static>> {
    let spread = metric.spread.as_ref()?;
    let at = |seconds: i64| scale.at(seconds, ACROSS) + 10;
    let span = |from: i64, to: i64| (at(from), (at(to) - at(from)).max(3));
    let mut chart = ChartView {
        title: format!(
            "{}: {} to {}",
            metric.label, spread.min.text, spread.max.text
        ),
        height: ROW,
        ..ChartView::default()
    };
    for (x, _) in scale.ticks(ACROSS) {
        chart.bars.push(bar("rule", (x + 10, 1), (0, ROW)));
    }
    let (median, p90) = (spread.median.seconds, spread.p90.seconds);
    if taken.len() <= FEW_THINGS {
        chart.dots.extend(taken.iter().map(|taken| DotView {
            kind: rank(taken.rank),
            x: percent(at(taken.seconds)),
            y: ROW / 2,
            title: taken.title(),
        }));
    } else {
        let all = span(spread.min.seconds, spread.max.seconds);
        chart.bars.push(bar("range", all, (ROW / 2 - 1, 2)));
        let upper = span(median, p90);
        chart.bars.push(bar("bar", upper, (ROW / 2 - 4, 8)));
    }
    let middle = (at(median) - 2, 4);
    chart.bars.push(bar("middle", middle, (3, ROW - 6)));
    Some(chart)
}

/// The height of the scale of the chart of quarters.
const TALL: i64 = 150;
/// The width of its labels, in thousandths.
const BESIDE: i64 = 110;

/// Draws a response time by quarter: the median of each, with each incident while they are few, else the range to p90.
pub(super) fn quarters(label: &str, quarters: &[QuarterView]) -> Option<ChartView<'static>> {
    let values = quarters.iter().flat_map(|quarter| &quarter.taken);
    let scale = Scale::new(values.map(|taken| taken.seconds))?;
    let y = |seconds: i64| 8 + TALL - scale.at(seconds, TALL);
    let mut chart = ChartView {
        title: format!("{label} by quarter"),
        height: TALL + 46,
        ..ChartView::default()
    };
    for (at, text) in scale.ticks(TALL) {
        let y = 8 + TALL - at;
        let across = (BESIDE, 1000 - BESIDE);
        chart.bars.push(bar("rule", across, (y, 1)));
        chart.labels.push(LabelView {
            x: percent(BESIDE - 20),
            y: y + 4,
            end: true,
            text,
        });
    }
    let step = (1000 - BESIDE) / whole(quarters.len()).max(1);
    for (index, quarter) in quarters.iter().rev().enumerate() {
        let x = BESIDE + step * whole(index);
        let name = quarter.label.get(2..).unwrap_or_default();
        let texts = [name.replace('-', " "), format!("n={}", quarter.taken.len())];
        for (line, text) in (0..).zip(texts) {
            chart.labels.push(LabelView {
                x: percent(x + 8),
                y: TALL + 26 + 15 * line,
                end: false,
                text,
            });
        }
        let Some((median, p90)) = quarter.median_and_p90 else {
            continue;
        };
        let middle = x + step / 2;
        if quarter.taken.len() <= FEW_THINGS {
            chart.dots.extend(quarter.taken.iter().map(|taken| DotView {
                kind: rank(taken.rank),
                x: percent(middle),
                y: y(taken.seconds),
                title: taken.title(),
            }));
        } else {
            let upper = (y(p90), (y(median) - y(p90)).max(2));
            chart.bars.push(bar("bar", (middle - 8, 16), upper));
        }
        let across = (middle - step / 3, step * 2 / 3);
        chart.bars.push(bar("middle", across, (y(median) - 1, 3)));
    }
    Some(chart)
}

/// Draws the parts of a total next to each other: as blocks while they are few, else as a bar.
pub(super) fn parts(title: &str, parts: &[PartView]) -> Option<ChartView<'static>> {
    let total = parts.iter().map(|part| part.count).sum::<usize>();
    if total == 0 {
        return None;
    }
    let mut chart = ChartView {
        title: title.to_owned(),
        height: 28,
        ..ChartView::default()
    };
    let things = if total <= 4 * FEW_THINGS { total } else { 1 };
    let mut done = 0;
    for part in parts {
        let pieces = if things == 1 {
            usize::from(part.count > 0)
        } else {
            part.count
        };
        for _ in 0..pieces {
            let size = part.count / pieces.max(1);
            let (from, to) = (done * 1000 / total, (done + size) * 1000 / total);
            let span = (whole(from), (whole(to - from) - 4).max(2));
            chart.bars.push(bar(part.kind, span, (0, 28)));
            done += size;
        }
    }
    Some(chart)
}

/// Returns the number of times that one second doubles to reach a duration, in thousandths and interpolated linearly.
///
/// Uses integers only, because the last digit of a logarithm may differ between machines.
fn doublings(seconds: i64) -> i64 {
    let seconds = seconds.max(1);
    let whole = i64::from(seconds.ilog2());
    let below = 1_i64 << whole;
    whole * 1000 + (seconds - below) * 1000 / below
}

#[cfg(test)]
mod tests {
    use super::{Scale, doublings, percent};

    #[test]
    fn the_scale_grows_and_each_doubling_is_a_step() {
        assert_eq!(
            [0, 1, 2, 4, 1024].map(doublings),
            [0, 0, 1000, 2000, 10_000]
        );
        let steps: Vec<i64> = (1..100_000).map(doublings).collect();
        assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn a_scale_starts_at_the_tick_at_or_below_the_shortest_duration() {
        for (seconds, first) in [
            (vec![90, 20_000], "1m"),
            (vec![300, 400], "5m"),
            (vec![0], "1s"),
            (vec![59, 60], "10s"),
        ] {
            let scale = Scale::new(seconds.iter().copied()).expect("durations");
            let ticks = scale.ticks(1000);
            assert_eq!(ticks[0], (0, first.to_owned()), "{seconds:?}");
            assert!(ticks.iter().all(|(at, _)| (0..=1000).contains(at)));
            let most = seconds.into_iter().max().expect("some");
            assert!(scale.at(most, 1000) <= 1000);
        }
    }

    #[test]
    fn a_distance_is_printed_in_tenths_of_a_percent() {
        assert_eq!(
            [0, 5, 83, 1000].map(percent),
            ["0.0%", "0.5%", "8.3%", "100.0%"]
        );
    }
}
