use super::*;

pub(super) fn assert_redacted(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let mut removed = 0;
        assert_eq!(redacted(text, &mut removed), *expected, "{text}");
        assert_eq!(removed > 0, text != expected, "{text}");
    }
}

#[test]
fn what_gives_access_is_removed() {
    let token = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5");
    assert_redacted(&[
        (
            &format!("token {token}, rotated"),
            "token [removed], rotated",
        ),
        (
            "DB_PASSWORD=s3cr3tP4ss, api key: \"9f8e7d6c\", token: expired",
            "DB_PASSWORD=[removed], api key: [removed], token: expired",
        ),
        (
            "the password is Hunter2, or is wrong",
            "the password is [removed], or is wrong",
        ),
        ("the password is wrong", "the password is wrong"),
        (
            "pass=Hunter2!, pw: Hunter2!, export DB_PASS=Hunter2!",
            "pass=[removed], pw: [removed], export DB_PASS=[removed]",
        ),
        (
            "secret_key=abcDEF123456 access_key: abcDEF123456",
            "secret_key=[removed] access_key: [removed]",
        ),
        (
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/x1",
            "aws_secret_access_key = [removed]",
        ),
        (
            "client_secret=abcdefabcdefabcdef, Password: correcthorse",
            "client_secret=[removed], Password: [removed]",
        ),
        (
            "Authorization: token 9f8e7d6c5b4a",
            "Authorization: token [removed]",
        ),
        (
            "Authorization: GenieKey eb243592-faa2-4ba2",
            "Authorization: GenieKey [removed]",
        ),
        (
            "password: \"my pass Word9\", *password*: Hunter2",
            "password: [removed], *password*: [removed]",
        ),
        (
            "password -> Hunter2, password set to Hunter2",
            "password -> [removed], password set to [removed]",
        ),
        (
            "psql --password Hunter2! and curl -u admin:Hunter2!",
            "psql --password [removed] and curl -u admin:[removed]",
        ),
        (
            "pwd Hunter2! credentials: admin/Hunter2!",
            "pwd [removed] credentials: [removed]",
        ),
        (
            "Passcode 482913, OTP 482913, your verification code is 482913",
            "Passcode [removed], OTP [removed], your verification code is [removed]",
        ),
        ("Set-Cookie: sid=9f8e; path=/", "Set-Cookie: [removed]"),
        (
            "deploy key = AbC123dEf456, Bearer: AbC123dEf456",
            "deploy key = [removed], Bearer: [removed]",
        ),
        (
            "password was changed to Winter22!, **Password:** Winter22",
            "password was changed to [removed], **Password:** [removed]",
        ),
        (
            "password – Winter22!, <password>Winter22</password>",
            "password – [removed], <password>[removed]</password>",
        ),
        (
            "Verification code: 482-913, the pin for the bridge is 4829#",
            "Verification code: [removed], the pin for the bridge is [removed]",
        ),
        (
            "docker login -u a -p Winter22!",
            "docker login -u a -p [removed]",
        ),
        (
            "contraseña: Secret123, mot de passe : Secret123",
            "contraseña: [removed], mot de passe : [removed]",
        ),
    ]);
}

#[test]
fn other_spellings_of_what_gives_access_are_removed() {
    assert_redacted(&[
        (
            "db_pw=Summer24, MYSQL_PWD=abc123def",
            "db_pw=[removed], MYSQL_PWD=[removed]",
        ),
        (
            "encryption_key: 9f8e7d6c5b4a, ssh-key: 9f8e7d6c5b4a",
            "encryption_key: [removed], ssh-key: [removed]",
        ),
        (
            "signing key = 9f8e7d6c5b4a; license key: AB12-CD34-EF56",
            "signing key = [removed]; license key: [removed]",
        ),
        (
            "password => Hunter2, password := Hunter2",
            "password => [removed], password := [removed]",
        ),
        (
            "the password is now Hunter2, changed the password to Hunter2!",
            "the password is now [removed], changed the password to [removed]",
        ),
        (
            "passwords: Hunter2, Winter3",
            "passwords: [removed], [removed]",
        ),
        (
            "password = a,B9c8d7 and user=a,password=b9C8d7,host=c",
            "password = [removed] and user=a,password=[removed],host=c",
        ),
        (
            "wachtwoord: Geheim12, пароль: Geheim12, 密码：Geheim12",
            "wachtwoord: [removed], пароль: [removed], 密码：[removed]",
        ),
        ("user admin pass Hunter2!", "user admin pass [removed]"),
        ("login admin / Hunter2!", "login admin / [removed]"),
        (
            "Authorization: Splunk 9f8e7d6c5b4a",
            "Authorization: Splunk [removed]",
        ),
        (
            "Authorization: AWS4-HMAC-SHA256 Credential=AB12/2026, Signature=fe5f80f7",
            "Authorization: AWS4-HMAC-SHA256 [removed]",
        ),
        (
            "mysql -pHunter2! -uroot, sshpass -p Hunter2!",
            "mysql -p[removed] -uroot, sshpass -p [removed]",
        ),
        (
            "curl --user admin:secret x, redis-cli -h db -a Hunter2!",
            "curl --user admin:[removed] x, redis-cli -h db -a [removed]",
        ),
        (
            "--api-key 9f8e7d6c5b --auth-token=9f8e7d6c5b",
            "--api-key [removed] --auth-token=[removed]",
        ),
        (
            "access code 482913, 2FA code: 482913, OTP is 482 913",
            "access code [removed], 2FA code: [removed], OTP is [removed]",
        ),
        (
            "code for the bridge: 482913#",
            "code for the bridge: [removed]",
        ),
        (
            "PHPSESSID=9f8e7d6c5b4a, session_id=9f8e7d6c5b4a",
            "PHPSESSID=[removed], session_id=[removed]",
        ),
        (
            "https://x.example/reset/password?t=9f8e7d6c5b4a",
            "https://x.example/reset/password?REMOVED",
        ),
        ("ssh://deploy:Hunter2@host.example", "ssh://host.example"),
    ]);
}

#[test]
fn what_gives_no_access_stays() {
    assert_redacted(&[
        (
            "pass=1/3, mysql pod -p99, PIN entry screen: 1200 errors",
            "pass=1/3, mysql pod -p99, PIN entry screen: 1200 errors",
        ),
        (
            "max_tokens=4096, tokens: 42, token count: 128000",
            "max_tokens=4096, tokens: 42, token count: 128000",
        ),
        (
            "password_file=/etc/x/pw, token_url=/t, secretName: db-creds",
            "password_file=/etc/x/pw, token_url=/t, secretName: db-creds",
        ),
        (
            "secret: \"db-creds\" not found, secretKeyRef: name",
            "secret: \"db-creds\" not found, secretKeyRef: name",
        ),
        (
            "cookie: missing, set-cookie: none",
            "cookie: missing, set-cookie: none",
        ),
        (
            "docker run -u 1000:1000 app --token --verbose",
            "docker run -u 1000:1000 app --token --verbose",
        ),
        (
            "https://x.example/?token_type=bearer&session=2&var-token=all",
            "https://x.example/?token_type=bearer&session=2&var-token=all",
        ),
        (
            "error code: 1045, exit code 137, status code is 503",
            "error code: 1045, exit code 137, status code is 503",
        ),
        (
            "password policy changed, password reset flow broken, pass 3 of 5",
            "password policy changed, password reset flow broken, pass 3 of 5",
        ),
        (
            "login failed: admin / role viewer, mysql -p 8080",
            "login failed: admin / role viewer, mysql -p 8080",
        ),
        (
            "token: ${TOKEN}, password: $DB_PASSWORD, password: ********",
            "token: ${TOKEN}, password: $DB_PASSWORD, password: ********",
        ),
        (
            "secret: vault:kv/data/app, Secret: db-credentials-v2 is missing",
            "secret: vault:kv/data/app, Secret: db-credentials-v2 is missing",
        ),
        (
            "api key: 403 Forbidden, authorization: 403, Authorization is OAuth2",
            "api key: 403 Forbidden, authorization: 403, Authorization is OAuth2",
        ),
        (
            "token is OK, the password is Required, pin: 10.0.0.1",
            "token is OK, the password is Required, pin: 10.0.0.1",
        ),
        (
            "bearer authentication-v2-broken, basic understanding-of-DNS",
            "bearer authentication-v2-broken, basic understanding-of-DNS",
        ),
        (
            "https://x.example/?code=500&sig=SIGTERM",
            "https://x.example/?code=500&sig=SIGTERM",
        ),
    ]);
}

#[test]
fn headers_and_urls_lose_only_what_gives_access() {
    assert_redacted(&[
        ("Passcode: 482913", "Passcode: [removed]"),
        (
            "Authorization: Bearer 9f8e7d6c5b4a3f2e",
            "Authorization: Bearer [removed]",
        ),
        (
            "curl -H 'X-Y: Basic ZGFuYTpodW50ZXIy'",
            "curl -H 'X-Y: Basic [removed]'",
        ),
        ("basic troubleshooting", "basic troubleshooting"),
        (
            "https://example.com/x?a=1&token=abc&b=2",
            "https://example.com/x?a=1&token=REMOVED&b=2",
        ),
        (
            "https://zoom.example/j/89?pwd=Zk9x",
            "https://zoom.example/j/89?pwd=REMOVED",
        ),
        (
            "https://x.example/?X-Goog-Signature=ab12",
            "https://x.example/?X-Goog-Signature=REMOVED",
        ),
        (
            "?next=https%3A%2F%2Fx.example%3Fauth_token%3Dab1",
            "?next=https%3A%2F%2Fx.example%3Fauth_token%3DREMOVED",
        ),
        (
            "https://x.example/?from=1&to=2&tab=key",
            "https://x.example/?from=1&to=2&tab=key",
        ),
        (
            "postgres://app:hunter2@db.example.com/x",
            "postgres://db.example.com/x",
        ),
        (
            "https://9f8e7d6c@sentry.example/1",
            "https://sentry.example/1",
        ),
        (
            "https://discord.com/api/webhooks/1122334455/aBcDeF1234567890",
            "https://[removed]",
        ),
        (
            "https://hooks.zapier.com/hooks/catch/123456/abc12de/",
            "https://[removed]",
        ),
        (
            "https://acme.webhook.office.com/webhookb2/1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b@1f2e/IncomingWebhook/9a8b/1f2e",
            "https://acme.[removed]",
        ),
        (
            "https://api.telegram.org/bot123456789:AAF1b2c3d4e5/sendMessage",
            "https://[removed]",
        ),
        (
            "https://events.pagerduty.com/integration/9f8e7d6c5b4a39281706/enqueue",
            "https://[removed]",
        ),
    ]);
}
