//! Charts as rectangles and words at whole numbers, so that every machine draws the same.
//!
//! A chart shows what the table beside it says, and nothing that is not there.

use serde::Serialize;

use super::metrics::{CountView, DistributionView, MetricsView, ResponseMetricView};

/// The charts of the metrics page; one without anything to show is absent.
#[derive(Debug, Clone, Serialize)]
pub struct ChartsView {
    /// Incidents by month.
    pub months: Option<ChartView>,
    /// The clocks on one scale.
    pub response_times: Option<ChartView>,
}

/// A chart.
#[derive(Debug, Clone, Serialize)]
pub struct ChartView {
    /// Its anchor.
    pub anchor: &'static str,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub description: String,
    /// How wide it is.
    pub width: i64,
    /// How high it is.
    pub height: i64,
    /// What is drawn.
    pub bars: Vec<BarView>,
    /// What is written.
    pub labels: Vec<LabelView>,
}

/// A rectangle of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct BarView {
    /// What it is: `bar`, `range`, `middle`, `rule`.
    pub kind: &'static str,
    /// From the left.
    pub x: i64,
    /// From the top.
    pub y: i64,
    /// How wide it is.
    pub width: i64,
    /// How high it is.
    pub height: i64,
    /// What it says.
    pub title: Option<String>,
}

/// Words on a chart.
#[derive(Debug, Clone, Serialize)]
pub struct LabelView {
    /// From the left.
    pub x: i64,
    /// Their foot, from the top.
    pub y: i64,
    /// Whether they end there rather than begin.
    pub end: bool,
    /// The words.
    pub text: String,
}

impl ChartsView {
    /// Draws the charts of some metrics.
    #[must_use]
    pub fn new(metrics: &MetricsView) -> Self {
        Self {
            months: months(&metrics.months),
            response_times: response_times(&metrics.response_times),
        }
    }
}

/// How high the bars of months may be.
const HIGH: i64 = 110;
/// How far a month is from the next.
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
    for (place, month) in months.iter().rev().enumerate() {
        let x = left + STEP * whole(place);
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
        if month.label.ends_with("-01") || place == 0 {
            // At the right end it would leave the chart.
            let end = x + 60 > width;
            let x = if end { x + STEP } else { x + 3 };
            labels.push(LabelView {
                end,
                ..label(x, top + HIGH + 18, month.label.clone())
            });
        }
    }
    bars.push(rule(left, top + HIGH, width - left, 1));
    // Two labels at the left end would lie on each other.
    if let [_, _, first, second, ..] = labels.as_slice()
        && second.x - first.x < 70
    {
        labels.remove(2);
    }
    Some(ChartView {
        anchor: "chart-months",
        title: "Incidents by month".to_owned(),
        description: format!(
            "One bar for each of the last {} months; the table of months has the numbers.",
            months.len()
        ),
        width,
        height: top + HIGH + 26,
        bars,
        labels,
    })
}

/// How wide the names of clocks are.
const NAMES: i64 = 184;
/// How wide the scale is.
const SCALE: i64 = 200;
/// How high the row of a clock is.
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
    for (seconds, name) in [(1, "1s"), (60, "1m"), (3_600, "1h"), (86_400, "1d")] {
        if seconds <= max.max(60) {
            bars.push(rule(x(seconds), 0, 1, height));
            labels.push(LabelView {
                end: seconds > 1 && x(seconds) > NAMES + SCALE - 20,
                ..label(x(seconds) + 2, height + 16, name.to_owned())
            });
        }
    }
    for (place, (response_metric, spread)) in known.iter().enumerate() {
        let y = i64::try_from(place).unwrap_or_default() * ROW;
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
            format!("{name}: nine in ten within {}", p90.text),
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
        title: "Clocks on one scale".to_owned(),
        description: "The mark is the median. The thin line runs from the shortest to the longest; the bar ends where \
                      nine in ten do. The scale doubles at equal steps."
            .to_owned(),
        width: NAMES + SCALE + 8,
        height: height + 24,
        bars,
        labels,
    })
}

/// Gives how often one second doubles up to a length, in thousandths, with straight lines between.
///
/// Whole numbers alone: a logarithm may differ between machines in its last digit.
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
    fn a_january_at_the_right_end_is_named_within_the_chart() {
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
