/// What the command line asks for.
struct Options {
    /// What is to be done.
    enum Task {
        /// Scenarios beside other daemons.
        case scenarios([Scenario])
        case microscope
        /// How long a speaker with full tables takes to answer.
        case questions
        /// A table that comes and goes, so many times.
        case cycles(Int)
        /// For so many seconds.
        case soak(Int)
        /// Whether answers and KEEPALIVEs wait for a table in motion.
        case slices
    }

    static let usage = """
        usage: peerglass-bench PEERGLASS [--all] [--scenario S1|S2|S3|S6|S9|S10]...
                   [--runs N] [--prefixes N] [--results DIR]
               peerglass-bench PEERGLASS --micro [--prefixes N]
               peerglass-bench PEERGLASS --questions [--prefixes N]
               peerglass-bench PEERGLASS --cycles [N] [--prefixes N]
               peerglass-bench PEERGLASS --soak [SECONDS [PREFIXES]]
               peerglass-bench PEERGLASS --slices [PREFIXES] [--results DIR]
        """

    var program: String
    var task = Task.scenarios(Scenario.allCases)
    /// Beside BIRD also FRR, OpenBGPD and GoBGP.
    var withAll = false
    var runs = 3
    /// Prefixes of the table that is sent; nil for what the task takes by itself.
    var prefixes: Int?
    /// Where the report is kept; nil for nowhere.
    var results: String?

    /// Nil where the words make no sense.
    init?(_ words: [String]) {
        guard let first = words.first, !first.hasPrefix("-") else { return nil }
        program = first
        var rest = words.dropFirst()
        var scenarios: [Scenario] = []
        /// The number that may follow an option.
        func number() -> Int? {
            guard let next = rest.first, let value = Int(next), value > 0 else { return nil }
            rest = rest.dropFirst()
            return value
        }
        while let word = rest.popFirst() {
            switch word {
            case "--all": withAll = true
            case "--micro": task = .microscope
            case "--questions": task = .questions
            case "--cycles": task = .cycles(number() ?? 100)
            case "--soak":
                task = .soak(number() ?? 300)
                prefixes = number() ?? prefixes
            case "--slices":
                task = .slices
                prefixes = number() ?? prefixes
            case "--scenario":
                guard let scenario = rest.popFirst().flatMap(Scenario.init) else { return nil }
                scenarios.append(scenario)
                task = .scenarios(scenarios)
            case "--runs":
                guard let value = number() else { return nil }
                runs = value
            case "--prefixes":
                guard let value = number() else { return nil }
                prefixes = value
            case "--results":
                guard let folder = rest.popFirst() else { return nil }
                results = folder
            default: return nil
            }
        }
    }
}
