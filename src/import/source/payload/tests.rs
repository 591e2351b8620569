use super::*;

#[test]
fn the_value_of_a_private_variable_is_left_out() {
    for (name, value) in [("name", "value"), ("key", "value"), ("Name", "Value")] {
        let private = format!(r#"{{ "{value}": "Tr0ub4dor", "{name}": "db_password" }}"#);
        let printed = redacted(&private).expect("JSON");
        assert!(!printed.contains("Tr0ub4dor"), "{printed}");
        assert!(printed.contains("db_password"), "{printed}");
        let other = format!(r#"{{ "{value}": "eu", "{name}": "region" }}"#);
        assert!(redacted(&other).expect("JSON").contains("eu"));
    }
}
