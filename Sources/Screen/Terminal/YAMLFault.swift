import Yams

/// What is wrong with a theme or settings file, and where.
package struct YAMLFault: Error, Hashable, CustomStringConvertible {
    /// The file, as it was named.
    package var file: String
    /// The line, from 1.
    package var line: Int
    /// What was found and what was expected.
    package var message: String

    /// A fault at that line.
    package init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    package var description: String { "\(file):\(line): \(message)" }
}

extension Node {
    /// The root of a text; nil where nothing or only comments stand in it.
    static func root(of text: String, file: String) throws(YAMLFault) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw YAMLFault(file: file, line: error.line, message: "not YAML: \(error.reason)")
        } catch {
            throw YAMLFault(file: file, line: 1, message: "not YAML: \(error)")
        }
    }
}

extension YamlError {
    fileprivate var line: Int {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }

    fileprivate var reason: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
            .composer(_, let problem, _, _):
            problem
        case .duplicatedKeysInMapping(let keys, _): "\(keys.joined(separator: ", ")) twice"
        default: "\(self)"
        }
    }
}
