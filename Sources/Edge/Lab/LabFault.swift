/// Why the lab cannot be built, in one line for the user.
package enum LabFault: Error, Equatable, CustomStringConvertible {
    /// A file or folder: its path and the system's words.
    case file(String, String)
    /// `ip` of iproute2 is not installed.
    case noIPRoute2
    /// `ip` refused: what it was asked for and what it said.
    case network(String, String)
    /// A router of the lab did not start: its name and why.
    case process(String, String)
    /// The folder of `--keep` holds a lab of the other kind.
    case otherKind(String)

    package var description: String {
        switch self {
        case .file(let path, let words): "\(path): \(words)"
        case .noIPRoute2: "the lab needs the command ip: install the package iproute2"
        case .network(let command, let words): "ip \(command): \(words)"
        case .process(let name, let words): "\(name) does not start: \(words)"
        case .otherKind(let path):
            "\(path) holds a lab made with other rights (as root, or not as root): name another folder"
        }
    }
}
