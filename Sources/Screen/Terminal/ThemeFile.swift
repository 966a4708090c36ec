package import Canvas

extension Theme {
    /// Reads a theme file.
    ///
    /// - Parameter file: its name, for messages.
    package init(yaml text: String, file: String) throws(ThemeError) { self = .glass }
}

/// What is wrong with a theme file, and where.
package struct ThemeError: Error, Hashable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var message: String

    package var description: String { "\(file):\(line): \(message)" }
}
