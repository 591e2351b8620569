//! Charts as rectangles and labels at integer coordinates, so that every machine draws the same.
//!
//! A chart shows only data of the table next to it.

use serde::Serialize;

use super::metrics::{CountView, DistributionView, MetricsView, ResponseMetricView};
use crate::facts::{Length, Unit};

/// The charts of the metrics page; `None` for a chart without data.
#[derive(Debug, Clone, Serialize)]
pub struct ChartsView {
    /// Incidents by month.
    pub months: Option<ChartView>,
    /// The response times on one scale.
    pub response_times: Option<ChartView>,
}

/// A chart.
#[derive(Debug, Clone, Serialize)]
pub struct ChartView {
    /// The anchor.
    pub anchor: &'static str,
    /// The title.
    pub title: String,
    /// The caption.
    pub description: String,
    /// The width.
    pub width: i64,
    /// The height.
    pub height: i64,
    /// The rectangles.
    pub bars: Vec<BarView>,
    /// The labels.
    pub labels: Vec<LabelView>,
}

/// A rectangle of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct BarView {
    /// The kind: `bar`, `range`, `middle` or `rule`.
    pub kind: &'static str,
    /// The distance from the left.
    pub x: i64,
    /// The distance from the top.
    pub y: i64,
    /// The width.
    pub width: i64,
    /// The height.
    pub height: i64,
    /// The tooltip.
    pub title: Option<String>,
}

/// A label on a chart.
#[derive(Debug, Clone, Serialize)]
pub struct LabelView {
    /// The distance from the left.
    pub x: i64,
    /// The distance of the baseline from the top.
    pub y: i64,
    /// Whether the text ends at `x` instead of starting there.
    pub end: bool,
    /// The text.
    pub text: String,
}

impl ChartsView {
    /// Creates the charts of some metrics.
    #[must_use]
    pub fn new(metrics: &MetricsView) -> Self {
        Self {
            months: months(&metrics.months),
            response_times: response_times(&metrics.response_times),
        }
    }
}

/// The maximum height of a bar.
const HIGH: i64 = 110;
/// The distance between two months.
const STEP: i64 = 14;

fn months(months: &[CountView]) -> Option<ChartView> {
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 1000);
    let max = whole(months.iter().map(|month| month.incidents).max()?);
    if max == 0 {
        return None;
    }
    let digits = whole(max.to_string().len());
    let (left, top) = (22 + 8 * digits, 10);
    let width = left + STEP * whole(months.len());
    let mut bars = Vec::new();
    let mut labels = vec![
        label(left - 6, top + 5, max.to_string()),
        label(left - 6, top + HIGH, "0".to_owned()),
    ];
    for (index, month) in months.iter().rev().enumerate() {
        let x = left + STEP * whole(index);
        let height = whole(month.incidents) * HIGH / max;
        if month.incidents > 0 {
            bars.push(BarView {
                kind: "bar",
                x: x + 3,
                y: top + HIGH - height,
                width: STEP - 6,
                height,
                title: Some(format!("{}: {}", month.label, month.incidents)),
            });
        }
        if month.label.ends_with("-01") || index == 0 {
            // A label at the right end would leave the chart.
            let end = x + 60 > width;
            let x = if end { x + STEP } else { x + 3 };
            labels.push(LabelView {
                end,
                ..label(x, top + HIGH + 18, month.label.clone())
            });
        }
    }
    bars.push(rule(left, top + HIGH, width - left, 1));
    // Two labels at the left end would overlap.
    if let [_, _, first, second, ..] = labels.as_slice()
        && second.x - first.x < 70
    {
        labels.remove(2);
    }
    Some(ChartView {
        anchor: "chart-months",
        title: "Incidents by month".to_owned(),
        description: format!(
            "Incidents per month for the last {} months; the monthly table has the numbers.",
            months.len()
        ),
        width,
        height: top + HIGH + 26,
        bars,
        labels,
    })
}

/// The width of the labels.
const NAMES: i64 = 184;
/// The width of the scale.
const SCALE: i64 = 200;
/// The height of a row.
const ROW: i64 = 26;

fn response_times(response_times: &[ResponseMetricView]) -> Option<ChartView> {
    let known: Vec<_> = response_times
        .iter()
        .filter_map(|response_metric| Some((response_metric, response_metric.spread.as_ref()?)))
        .collect();
    let max = known.iter().map(|(_, spread)| spread.max.seconds).max()?;
    let longest = doublings(max.max(60)).max(1);
    let x = |seconds: i64| NAMES + doublings(seconds) * SCALE / longest;
    let rows = i64::try_from(known.len()).unwrap_or(i64::MAX / 1000);
    let height = rows * ROW;
    let mut bars = Vec::new();
    let mut labels = Vec::new();
    for seconds in [1, 60, 3_600, 86_400] {
        if seconds <= max.max(60) {
            bars.push(rule(x(seconds), 0, 1, height));
            labels.push(LabelView {
                end: seconds > 1 && x(seconds) > NAMES + SCALE - 20,
                ..label(
                    x(seconds) + 2,
                    height + 16,
                    Length {
                        seconds,
                        unit: Unit::Second,
                        about: false,
                        most: None,
                    }
                    .short(),
                )
            });
        }
    }
    for (index, (response_metric, spread)) in known.iter().enumerate() {
        let y = i64::try_from(index).unwrap_or_default() * ROW;
        let bar = |kind, from: i64, to: i64, inset: i64, title: String| BarView {
            kind,
            x: x(from),
            y: y + inset,
            width: (x(to) - x(from)).max(2),
            height: ROW - 2 * inset,
            title: Some(title),
        };
        let DistributionView {
            min,
            median,
            p90,
            max,
            ..
        } = spread;
        let name = &response_metric.label;
        bars.push(bar(
            "range",
            min.seconds,
            max.seconds,
            11,
            format!("{name}: {} to {}", min.text, max.text),
        ));
        bars.push(bar(
            "bar",
            median.seconds,
            p90.seconds,
            8,
            format!("{name}: p90 {}", p90.text),
        ));
        bars.push(BarView {
            width: 4,
            ..bar(
                "middle",
                median.seconds,
                median.seconds,
                4,
                format!("{name}: median {}", median.text),
            )
        });
        labels.push(label(NAMES - 10, y + 18, name.clone()));
    }
    Some(ChartView {
        anchor: "chart-clocks",
        title: "Response times on one scale".to_owned(),
        description: "The marker is the median, the bar extends to p90, and the thin line spans the minimum to the \
                      maximum. Each equal step on the scale doubles the duration."
            .to_owned(),
        width: NAMES + SCALE + 8,
        height: height + 24,
        bars,
        labels,
    })
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

fn rule(x: i64, y: i64, width: i64, height: i64) -> BarView {
    BarView {
        kind: "rule",
        x,
        y,
        width,
        height,
        title: None,
    }
}

fn label(x: i64, y: i64, text: String) -> LabelView {
    LabelView {
        x,
        y,
        end: true,
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::{CountView, doublings, months};

    #[test]
    fn the_label_of_a_january_at_the_right_end_stays_inside_the_chart() {
        let month = |label: &str| CountView {
            label: label.to_owned(),
            by_severity: vec![1],
            incidents: 1,
            near_misses: 0,
        };
        // The latest month comes first.
        let mut counts = vec![month("2026-01")];
        counts.extend((0..23).map(|_| month("2025-06")));
        let chart = months(&counts).expect("there is something to show");
        let last = chart.labels.last().expect("it has labels");
        assert_eq!((last.text.as_str(), last.end), ("2026-01", true));
        assert!(last.x <= chart.width);
    }

    #[test]
    fn the_scale_grows_and_each_doubling_is_a_step() {
        assert_eq!(
            [0, 1, 2, 4, 1024].map(doublings),
            [0, 0, 1000, 2000, 10_000]
        );
        let steps: Vec<i64> = (1..100_000).map(doublings).collect();
        assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
