import Policy

extension Parser {
    /// The words that can begin a statement at the top.
    static let statements = [
        "AS", "allow", "as-set", "aspa-set", "connect-retry", "deny", "dump", "fib", "fib-metric",
        "fib-multipath", "fib-priority", "fib-update", "flowspec", "group", "holdtime", "include",
        "listen", "log",
        "match", "neighbor", "network", "nexthop", "origin-set", "prefix-set", "rde", "reject",
        "roa-set", "router-id", "rtable", "rtr", "socket", "staletime", "transparent-as", "vpn",
    ]

    /// One line at the top: a statement, a macro or nothing.
    mutating func item() throws(Diagnostic) {
        isLost = false
        if token.kind == .newline { return try advance() }
        guard token.kind == .word else { throw unexpected(["a statement"], words: Self.statements) }
        try statement()
        try expectEndOfStatement()
        if token.kind == .newline { try advance() }
    }

    private mutating func statement() throws(Diagnostic) {
        switch token.text {
        case "include": try include()
        case "prefix-set": try prefixSet()
        case "as-set": try asSet()
        case "origin-set": try originSet()
        case "roa-set": try roaSet()
        case "aspa-set": try aspaSet()
        case "network": try network()
        case "neighbor": try neighbor()
        case "group": try group()
        case "allow", "deny", "match": try rule()
        case "vpn": throw fault("MPLS VPN is not supported")
        case "dump", "flowspec", "rtable", "rtr": throw notSupportedYet(token)
        default:
            if try global() { return }
            try macro()
        }
    }

    /// `name = value`; every other word that begins a line is none of the language's statements.
    private mutating func macro() throws(Diagnostic) {
        let name = token
        let noStatement = unexpected(["a statement"], words: Self.statements)
        do throws(Diagnostic) { try advance() } catch { throw noStatement }
        guard token.isSymbol("=") else { throw noStatement }
        if Keywords.all.contains(name.text) {
            throw lexer.fault(
                name.position,
                "\"\(name.text)\" is a reserved word and cannot name a macro"
            )
        }
        guard name.text.utf8.count <= 127 else {
            throw lexer.fault(name.position, "macro name too long: max 127")
        }
        if let wrong = name.text.utf8.first(where: { !$0.isNameByte }) {
            let shown = String(UnicodeScalar(wrong))
            throw lexer.fault(
                name.position,
                "a macro's name holds only letters, digits and \"_\", not \"\(shown)\""
            )
        }
        try advance()
        var value: [String] = []
        while token.kind != .newline, token.kind != .end {
            if token.kind == .symbol { throw unexpected(["a word", "a quoted string"]) }
            value.append(token.text)
            try advance()
        }
        guard !value.isEmpty else { throw unexpected(["the macro's value"]) }
        define(name, value.joined(separator: " "))
    }

    private mutating func define(_ name: Token, _ value: String) {
        if let index = lexer.macros.firstIndex(where: { $0.name == name.text }) {
            if lexer.macros[index].isFromCommandLine { return }
            lexer.macros.remove(at: index)
        }
        lexer.macros.append(
            MacroDefinition(
                name: name.text,
                value: value,
                position: name.position,
                isFromCommandLine: false,
                isUsed: false
            )
        )
    }

    /// `include "PATH"`: the file's text follows the end of this line.
    private mutating func include() throws(Diagnostic) {
        try advance()
        let place = token.position
        let written = try string("a file name", max: 1023)
        try expectEndOfStatement()
        let path = Self.join(written, to: lexer.sources[place.source].name)
        if lexer.openFiles.contains(path) {
            throw lexer.fault(place, "failed to include file \(written): it includes itself")
        }
        guard lexer.depth < 16 else {
            throw lexer.fault(place, "failed to include file \(written): more than 16 files deep")
        }
        switch contents(path) {
        case .success(let bytes): lexer.open(Source(name: path, bytes: bytes))
        case .failure(let fault):
            throw lexer.fault(place, "failed to include file \(written): \(fault.reason)")
        }
    }

    /// A relative path is taken from the directory of the file that names it.
    private static func join(_ path: String, to file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}
