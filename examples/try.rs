fn main() {
    let t = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    println!(
        "{:?}",
        afterword::load::strict::toml::<afterword::incident::Incident>(&t)
            .err()
            .map(|e| e.to_string().chars().take(600).collect::<String>())
    );
}
