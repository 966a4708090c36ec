import Addressing
import BGPWire
import Foundation

/// One step of an ExaBGP encoding test that concerns our families: its bytes and what they mean.
struct ExaBGPRoutes {
    let message: [UInt8]
    /// A line a route or withdrawal, sorted.
    let expected: [String]
    private let isIBGP: Bool

    /// Nil for other families, path identifiers, and next hops that no host can have.
    init?(_ step: [String: Any]) {
        guard let raw = step["raw"] as? String, let json = step["json"] as? [String: Any],
            let neighbor = json["neighbor"] as? [String: Any],
            let body = neighbor["message"] as? [String: Any],
            let update = body["update"] as? [String: Any]
        else { return nil }
        let attributes = update["attribute"] as? [String: Any] ?? [:]
        var suffix = ""
        if let number = attributes["local-preference"] as? Int { suffix += " lpref \(number)" }
        if let number = attributes["med"] as? Int { suffix += " med \(number)" }
        if let list = attributes["community"] as? [[Int]] {
            suffix +=
                " communities " + list.map { "\($0[0]):\($0[1])" }.sorted().joined(separator: " ")
        }
        if let list = attributes["large-community"] as? [[Int]] {
            suffix +=
                " large "
                + list.map { "\($0[0]):\($0[1]):\($0[2])" }.sorted().joined(separator: " ")
        }
        var lines: [String] = []
        for (family, value) in update["announce"] as? [String: Any] ?? [:] {
            guard family.hasSuffix(" unicast"), let hops = value as? [String: Any] else {
                return nil
            }
            for (hop, routes) in hops {
                guard !hop.hasPrefix("255."), let routes = routes as? [[String: Any]] else {
                    return nil
                }
                for route in routes {
                    guard route["path-information"] == nil, let text = route["nlri"] as? String,
                        let prefix = IPPrefix(text: text)
                    else { return nil }
                    let isMixed = (prefix.family == .ipv6) != hop.contains(":")
                    if isMixed { return nil }
                    lines.append("\(prefix) via \(hop)\(suffix)")
                }
            }
        }
        for (family, value) in update["withdraw"] as? [String: Any] ?? [:] {
            guard family.hasSuffix(" unicast"), let routes = value as? [[String: Any]] else {
                return nil
            }
            for route in routes {
                guard route["path-information"] == nil, let text = route["nlri"] as? String,
                    let prefix = IPPrefix(text: text)
                else { return nil }
                lines.append("\(prefix) withdrawn")
            }
        }
        guard !lines.isEmpty else { return nil }
        message = bytes(raw)
        expected = lines.sorted()
        isIBGP = attributes["local-preference"] != nil
    }

    /// What our decoder makes of the bytes, in the same lines.
    func read() -> [String] {
        let body = Array(message.dropFirst(19))
        var decoder = UpdateDecoder()
        var context = VectorTests.context
        context.isIBGP = isIBGP
        let span = body.span
        let verdict = decoder.decode(span, context: context)
        guard verdict == .accept else { return ["\(verdict)"] }
        let attributes = decoder.withAttributes(in: span) { TestSession.copy($0) }
        let mpAttributes = decoder.withMPAttributes(in: span) { TestSession.copy($0) }
        var lines = TestSession.prefixes(body, decoder.reachable).map {
            "\($0) via \(Self.words(attributes))"
        }
        lines += TestSession.prefixes(body, decoder.mpReachable).map {
            "\($0) via \(Self.words(mpAttributes))"
        }
        for block in [decoder.withdrawn, decoder.mpWithdrawn] {
            lines += TestSession.prefixes(body, block).map { "\($0) withdrawn" }
        }
        return lines.sorted()
    }

    private static func words(_ canonical: [UInt8]) -> String {
        func value(_ type: AttributeType) -> [UInt8]? {
            PathAttribute.first(type, in: canonical.span).map { Array(canonical[$0.value]) }
        }
        func text(_ type: AttributeType) -> String? {
            value(type).map { AttributeText.value(of: type, $0.span) }
        }
        var words = text(.nextHop)?.split(separator: " ").first.map(String.init) ?? "nothing"
        if let number = text(.localPreference) { words += " lpref \(number)" }
        if let number = text(.multiExitDiscriminator) { words += " med \(number)" }
        if let list = value(.communities) {
            let pairs = stride(from: 0, to: list.count, by: 4).map {
                "\(Int(list[$0]) << 8 | Int(list[$0 + 1])):\(Int(list[$0 + 2]) << 8 | Int(list[$0 + 3]))"
            }
            words += " communities " + pairs.sorted().joined(separator: " ")
        }
        if let list = value(.largeCommunities) {
            words +=
                " large "
                + AttributeText.largeCommunities(list.span).sorted().joined(separator: " ")
        }
        return words
    }
}

/// The names of the files in a folder of the shared data, sorted.
func fileNames(_ folder: URL, _ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path).sorted()
}
