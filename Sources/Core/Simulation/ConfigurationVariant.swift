/// Another file in place of a machine's own, for reloads: each is the same file with something done to it.
package enum ConfigurationVariant: CaseIterable, Hashable, Sendable {
    /// The file as it was at first.
    case original
    /// What neighbors send is refused.
    case refusing
    /// What goes to neighbors has another MED.
    case otherMetric
    /// Nothing is announced.
    case withoutNetworks
    /// The last neighbor is gone.
    case withoutNeighbor
    /// All sessions have another hold time.
    case otherHoldTime

    /// The file that the operator has made of `text`.
    func text(of text: String) -> String {
        switch self {
        case .original: return text
        case .refusing: return text + "\ndeny from any\n"
        case .otherMetric: return text + "\nmatch to any set metric 77\n"
        case .withoutNetworks:
            return text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("network ") }.joined(separator: "\n")
        case .withoutNeighbor:
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard let start = lines.lastIndex(where: { $0.hasPrefix("neighbor ") }),
                let end = lines[start...].firstIndex(of: "}")
            else { return text }
            lines.removeSubrange(start...end)
            return lines.joined(separator: "\n")
        case .otherHoldTime:
            return text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("descr ") ? "\($0)\nholdtime 60" : "\($0)" }
                .joined(separator: "\n")
        }
    }
}
