//! Checks the order of messages, and their times against those of the incident.

use super::*;

pub(super) fn stages_out_of_order(case: &Case, findings: &mut Findings) {
    // If impact came back, an earlier stage is right.
    if case.record.incident.messages.len() < 2 || case.facts.came_back {
        return;
    }
    let sent = sent(case);
    for (later, second) in sent.iter().enumerate() {
        let earlier = sent.iter().take(later).filter(|first| {
            first.message.channel == second.message.channel
                && first.at.at < second.at.at
                && second.message.stage != Stage::Planned
        });
        let Some(first) = earlier
            .max_by_key(|first| first.message.stage)
            .filter(|first| first.message.stage > second.message.stage)
        else {
            continue;
        };
        let stage = |sent: &Sent| sent.message.stage.as_str();
        findings.add(
            Finding::new(format!(
                "`{}` message sent after a `{}` message",
                stage(second),
                stage(first)
            ))
            .at(
                case.file(),
                message_path(second.index).key("stage"),
                "the later message",
            )
            .at(
                case.file(),
                message_path(first.index).key("stage"),
                "the earlier message",
            )
            .help(
                "correct the stage or the time; if impact came back, mark another `impact_started`",
            ),
        );
    }
}

pub(super) fn resolved_outdated(case: &Case, findings: &mut Findings) {
    let zone = case.record.zone(case.config);
    let sent = case.updates();
    let last = sent.iter().rfind(|sent| sent.stage != Stage::Planned);
    let Some(last) = last.filter(|last| last.stage >= Stage::Resolved) else {
        return;
    };
    let stated = format!(
        "the last message to customers says `{}`",
        last.stage.as_str()
    );
    let at = |finding: Finding| {
        finding.at(
            case.file(),
            message_path(last.index).key("stage"),
            "the last message",
        )
    };
    // The order is unknown if a window starts in the minute of the message, or about then.
    let about = |about: bool| TimeDelta::minutes(if about { 10 } else { 0 });
    let until = case.record.time_defaults().until(&last.sent);
    let windows = case.facts.windows.iter().map(|window| window.from);
    let reopenings = case.facts.reopenings.iter().map(|reopening| reopening.at);
    let after = windows.chain(reopenings).filter(|start| {
        let from = start.moment;
        from.at >= until + about(from.about || last.sent.about)
    });
    if let Some(start) = after.max_by_key(|start| start.moment.order()) {
        let (file, path) = case.endpoint_location(&start);
        let from = start.moment.in_full(zone);
        let again = if start.source == EndpointSource::Mark(Mark::Reopened) {
            "the incident was reopened"
        } else {
            "impact started again"
        };
        findings.add(
            at(Finding::new(format!("{stated}, but {again} at {from}")))
                .at(file, path, format!("{again} here"))
                .help("send an update about what followed, and add it to `[[messages]]`"),
        );
    } else if case.facts.status.is_going_on() {
        let status = Stage::from(case.facts.status).as_str();
        let finding = Finding::new(format!("{stated}, but the incident is `{status}`"));
        findings.add(at(finding).help(
            "mark an event as `impact_ended`, `resolved` or `ended`, or send an update that says that the incident is open",
        ));
    }
}

pub(super) fn before_incident(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    if incident.kind == Kind::Maintenance || incident.messages.is_empty() {
        return;
    }
    let zone = case.record.zone(case.config);
    let starts = case
        .facts
        .windows
        .first()
        .map(|window| window.from)
        .into_iter()
        .chain(case.facts.since());
    let notice = case
        .facts
        .response_metric("time_to_notify")
        .filter(|fact| fact.state == State::Invalid);
    let named = notice.and_then(|fact| fact.to).map(|end| end.source);
    let Some(start) = starts.min_by_key(|end| end.moment.order()) else {
        return;
    };
    for sent in &sent(case) {
        // `end-before-start` reports this message already.
        if !sent.message.is_notice() || named == Some(EndpointSource::Message(sent.index)) {
            continue;
        }
        let early = between(&sent.at, &start.moment, zone)
            .filter(|length| length.seconds > 0 && !length.about);
        if let Some(length) = early {
            let (file, path) = case.endpoint_location(&start);
            let (sent_at, started) = case.full_times(&sent.at, &start.moment);
            let message = format!(
                "message sent at {sent_at}, {length} before the incident started at {started}"
            );
            findings.add(
                Finding::new(message)
                    .at(
                        case.file(),
                        message_time_path(sent.message, sent.index),
                        "sent here",
                    )
                    .at(file, path, "started here")
                    .help("correct the date, time zone or mark that is wrong"),
            );
        }
    }
}

pub(super) fn first_notice_differs(case: &Case, findings: &mut Findings) {
    let record = case.record;
    let marked = record.is_marked(Mark::CustomerNotified);
    let first = case
        .facts
        .response_metric("time_to_notify")
        .and_then(|fact| fact.to);
    let Some((first, EndpointSource::Message(index))) =
        first.filter(|_| marked).map(|end| (end, end.source))
    else {
        return;
    };
    let Some(mark) = record
        .marks()
        .into_iter()
        .find(|marked| marked.mark == Mark::CustomerNotified)
    else {
        return;
    };
    let zone = record.zone(case.config);
    let (early, late) = if mark.moment.order() <= first.moment.order() {
        (mark.moment, first.moment)
    } else {
        (first.moment, mark.moment)
    };
    let Some(apart) =
        between(&early, &late, zone).filter(|length| length.seconds > 60 && !length.about)
    else {
        return;
    };
    let (mark_file, mark_path) = case.mark_location(Mark::CustomerNotified, mark.event);
    let Some(message) = record.incident.messages.get(index) else {
        return;
    };
    let (marked, sent) = case.full_times(&mark.moment, &first.moment);
    findings.add(
        Finding::new(format!(
            "`customer_notified` is at {marked}, but the first message was sent at {sent}, {apart} apart"
        ))
        .at(mark_file, mark_path, "marked here")
        .at(case.file(), message_time_path(message, index), "sent here")
        .help("correct one of the two times, or remove the mark because the message has the time"),
    );
}
