use super::super::tests::assert_redacted;

#[test]
fn email_addresses_are_removed() {
    assert_redacted(&[
        (
            "dana @ example.com, dana at example dot com",
            "[removed], [removed]",
        ),
        (
            "dana{at}example.com, dana AT example DOT com",
            "[removed], [removed]",
        ),
        (
            "root@db-1.internal, app@db.shop.svc.cluster.local",
            "root@db-1.internal, app@db.shop.svc.cluster.local",
        ),
        ("Mail dana@example.com.", "Mail [removed]."),
        ("from \"Dana F\"@example.com", "from [removed]"),
        ("<dana.reyes+ops@mail.example.co.uk>", "<[removed]>"),
        (
            "mailto:dana@example.com?subject=x",
            "mailto:[removed]?subject=x",
        ),
        (
            "https://example.com/u/dana%40example.com/x",
            "https://example.com/u/[removed]/x",
        ),
        ("?user=dana%40example.com&a=1", "?user=[removed]&a=1"),
        ("dana＠example.com", "[removed]"),
        ("dana&#64;example.com", "[removed]"),
        (
            "dana [at] example.com, zoë (at) bücher (dot) example",
            "[removed], [removed]",
        ),
        (
            "from root@db-1, @dana and git@example.com:team/x",
            "from root@db-1, @dana and git@example.com:team/x",
        ),
        (
            "getty@tty1.service failed, postgresql@14-main.service too",
            "getty@tty1.service failed, postgresql@14-main.service too",
        ),
        ("pkg@1.2.3 of @scope/pkg@2.0", "pkg@1.2.3 of @scope/pkg@2.0"),
    ]);
}

#[test]
fn phone_numbers_are_removed() {
    assert_redacted(&[
        (
            "reach me on 4155552671, dial 4155552671, text me: 4155552671",
            "reach me on [removed], dial [removed], text me: [removed]",
        ),
        (
            "my number is 4155552671, Móvil: 612 345 678",
            "my number is [removed], Móvil: [removed]",
        ),
        (
            "order number 4155552671, reach 1000000 users, call 1234567 failed",
            "order number 4155552671, reach 1000000 users, call 1234567 failed",
        ),
        (
            "error 500-502-5030, ports 200-443-8443, error (404) 123-4567",
            "error 500-502-5030, ports 200-443-8443, error (404) 123-4567",
        ),
        (
            "+4915112345678 requests, offset +12345678901, order 0123456789",
            "+4915112345678 requests, offset +12345678901, order 0123456789",
        ),
        (
            "steps 0102 0304 0506 and 0.0123456789, (503) 200-4000 ms",
            "steps 0102 0304 0506 and 0.0123456789, (503) 200-4000 ms",
        ),
        (
            "Tel. 030 901820 / 0151 23456789, call +1 415 555 0100 / 030 9018200",
            "Tel. [removed] / [removed], call [removed] / [removed]",
        ),
        ("+49 170 1234567 2026-03-02", "[removed] 2026-03-02"),
        (
            "14:30 +49 170 1234567, 2026-03-02 14:30 +49 170 1234567",
            "14:30 [removed], 2026-03-02 14:30 [removed]",
        ),
        (
            "02.03.2026 +491701234567, ticket 4711 +49 170 1234567",
            "02.03.2026 [removed], ticket 4711 [removed]",
        ),
        (
            "4711 (+49) 170 1234567, +49 170 1234567 14:30",
            "4711 [removed], [removed] 14:30",
        ),
        (
            "+49 170 1234567 3 times, 14:30 (415) 555-0100",
            "[removed] 3 times, 14:30 [removed]",
        ),
        (
            "2026-03-02 0151 23456789, 2026-03-02 (415) 555-0100",
            "2026-03-02 [removed], 2026-03-02 [removed]",
        ),
        (
            "call +1 415 555 0100 / 4155550100, +1 415 555 0100 or 4155550100",
            "call [removed] / [removed], [removed] or [removed]",
        ),
        (
            "14:30 +0200, 4711 +1234567890 bytes, 5 200-404-5000 ms",
            "14:30 +0200, 4711 +1234567890 bytes, 5 200-404-5000 ms",
        ),
    ]);
}

#[test]
fn phone_numbers_after_words_are_removed() {
    assert_redacted(&[
        ("call +1 (555) 010-4477 now", "call [removed] now"),
        (
            "call 170 1234567 now, call 5 times, text 12 people",
            "call [removed] now, call 5 times, text 12 people",
        ),
        (
            "call 555-010-4477 or (555) 010-4477",
            "call [removed] or [removed]",
        ),
        (
            "tel:+491701234567 and tel:5550104477",
            "tel:[removed] and tel:[removed]",
        ),
        ("Phone:+49 170 1234567", "Phone:[removed]"),
        ("0049 170 1234567, 00491701234567", "[removed], [removed]"),
        ("Bridge: 020 7946 0958.", "Bridge: [removed]."),
        ("030/9018200 or 0170-1234567", "[removed] or [removed]"),
        ("01 23 45 67 89", "[removed]"),
        (
            "shards 01 02 03 04 05 06, chunk 01/02/03/04/05",
            "shards 01 02 03 04 05 06, chunk 01/02/03/04/05",
        ),
        (
            "range 100-200-3000, 200 404 5000 ms, id 223-456-7890-abc",
            "range 100-200-3000, 200 404 5000 ms, id 223-456-7890-abc",
        ),
        (
            "+100000000 rows, +1234567890 bytes, diff +123456789 -12",
            "+100000000 rows, +1234567890 bytes, diff +123456789 -12",
        ),
        (
            "mobile: 1.20.300, mobile 3.14.159265, SMS: 1200000 queued",
            "mobile: 1.20.300, mobile 3.14.159265, SMS: 1200000 queued",
        ),
        ("(030) 901 820 11", "[removed]"),
        ("+44\u{a0}20\u{a0}7946\u{a0}0958", "[removed]"),
        ("https://wa.me/491701234567", "https://wa.me/[removed]"),
        (
            "Tel. 901820, mobile: 170 1234567",
            "Tel. [removed], mobile: [removed]",
        ),
    ]);
}

#[test]
fn other_numbers_stay() {
    assert_redacted(&[
        (
            "at 2026-03-02 14:43:05 +0200",
            "at 2026-03-02 14:43:05 +0200",
        ),
        (
            "02.03.2026 14 hosts, 02/03/2026 0915",
            "02.03.2026 14 hosts, 02/03/2026 0915",
        ),
        (
            "10.20.30.4040 and 1536478514.897649",
            "10.20.30.4040 and 1536478514.897649",
        ),
        (
            "010.001.002.003 and 0.123456789",
            "010.001.002.003 and 0.123456789",
        ),
        (
            "order-0123456789 of v0.12.3456789",
            "order-0123456789 of v0.12.3456789",
        ),
        (
            "https://example.com/0049170123456/x",
            "https://example.com/0049170123456/x",
        ),
        (
            "mobile: 12 users, phone 5 rings",
            "mobile: 12 users, phone 5 rings",
        ),
    ]);
}
