@main
struct Peerglass {
    static func main() {}
}
