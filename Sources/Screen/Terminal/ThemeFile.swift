package import Canvas
import Yams

extension Theme {
    /// Reads a theme file: `name:`, `palette:` (names for colours), `roles:` (see ``Face``).
    ///
    ///     name: glass
    ///     palette:
    ///       sky: "#7cc7ff"
    ///     roles:
    ///       key: { foreground: sky, attributes: [bold] }
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - file: Its name, for messages.
    /// - Throws: ``YAMLFault`` at the line of the first thing that is unknown or misplaced.
    package init(yaml text: String, file: String) throws(YAMLFault) {
        let reader = ThemeReader(file: file)
        guard let root = try Node.root(of: text, file: file) else {
            throw YAMLFault(file: file, line: 1, message: "the theme is empty")
        }
        self = try reader.theme(root)
    }
}

private struct ThemeReader {
    let file: String

    func theme(_ root: Node) throws(YAMLFault) -> Theme {
        var name: String?
        var palette: [String: Color] = [:]
        var roles: Node?
        for (key, value) in try mapping(root, "a theme") {
            switch try word(key) {
            case "name": name = try word(value)
            case "palette":
                for (key, value) in try mapping(value, "palette") {
                    palette[try word(key)] = try color(value, [:])
                }
            case "roles": roles = value
            case let other:
                throw error(key, "unknown word \"\(other)\"; a theme has name, palette and roles")
            }
        }
        guard let name else { throw error(root, "the theme has no name") }
        var theme = Theme(name: name, faces: [:])
        guard let roles else { return theme }
        for (key, value) in try mapping(roles, "roles") {
            let word = try word(key)
            guard let role = Role(rawValue: word) else {
                throw error(key, "unknown role \"\(word)\"")
            }
            theme.faces[role] = try face(value, palette)
        }
        return theme
    }

    private func face(_ node: Node, _ palette: [String: Color]) throws(YAMLFault) -> Face {
        var face = Face()
        for (key, value) in try mapping(node, "a role") {
            switch try word(key) {
            case "foreground": face.foreground = try color(value, palette)
            case "background": face.background = try color(value, palette)
            case "attributes": face.attributes = try attributes(value)
            case let other:
                throw error(
                    key,
                    "unknown word \"\(other)\"; a role has foreground, background and attributes"
                )
            }
        }
        return face
    }

    private func color(_ node: Node, _ palette: [String: Color]) throws(YAMLFault) -> Color {
        let word = try word(node)
        if let color = palette[word] ?? Color(word) { return color }
        throw error(
            node,
            "unknown colour \"\(word)\"; a colour is \"#rrggbb\", a number from 0 to 255 or a name"
        )
    }

    private func attributes(_ node: Node) throws(YAMLFault) -> TextAttributes {
        guard case .sequence(let items) = node else {
            throw error(node, "attributes are a list, as [bold, underline]")
        }
        var result: TextAttributes = []
        for item in items {
            let word = try word(item)
            guard let known = TextAttributes.names.first(where: { $0.name == word }) else {
                let names = TextAttributes.names.map(\.name).joined(separator: ", ")
                throw error(item, "unknown attribute \"\(word)\"; there are \(names)")
            }
            result.insert(known.attribute)
        }
        return result
    }

    private func mapping(_ node: Node, _ what: String) throws(YAMLFault) -> Node.Mapping {
        guard case .mapping(let mapping) = node else {
            throw error(node, "\(what) is a list of \"word: value\"")
        }
        return mapping
    }

    private func word(_ node: Node) throws(YAMLFault) -> String {
        guard case .scalar(let scalar) = node else {
            throw error(node, "one word is expected here")
        }
        return scalar.string
    }

    private func error(_ node: Node, _ message: String) -> YAMLFault {
        YAMLFault(file: file, line: node.mark?.line ?? 1, message: message)
    }
}
