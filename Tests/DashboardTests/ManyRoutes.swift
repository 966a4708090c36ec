import Addressing
import Control

/// A speaker with many routes, which pages them as the real one does.
struct ManyRoutes {
    var count: Int
    /// Prefixes that are gone.
    var missing: Set<Int> = []
    var overview = Drawing.overview

    static func prefix(_ index: Int) -> IPPrefix {
        IPPrefix(ipv4: 0x0A00_0000 + UInt32(index) << 8, length: 24)
    }

    private static func index(_ prefix: IPPrefix) -> Int {
        let bits = prefix.address.ipv4Bits
        return bits < 0x0A00_0000 ? 0 : Int((bits - 0x0A00_0000) >> 8)
    }

    func answer(_ question: Question) -> Reply? {
        switch question {
        case .instance: return .instance(Drawing.instance)
        case .overview: return .overview(overview)
        case .ribPage(let request): return .ribPage(page(request))
        case .kernelPage: return .kernelPage(KernelPage())
        case .messages: return .messages(MessagesPage())
        case .events: return .events(EventsPage())
        case .route(let request): return .route(RouteDetail(prefix: request.prefix))
        case .neighbor: return .neighbors([])
        case .memory, .neighborAction, .stop, .reload, .whatIf: return .action(.processed)
        }
    }

    private func page(_ request: RIBPageRequest) -> RIBPage {
        let limit = Int(request.limit)
        let present = { (index: Int) in !missing.contains(index) }
        var indices: [Int]
        switch request.position {
        case .start: indices = Array((0..<count).lazy.filter(present).prefix(limit))
        case .at(let prefix):
            indices = Array((Self.index(prefix)..<count).lazy.filter(present).prefix(limit))
        case .after(let prefix):
            indices = Array(((Self.index(prefix) + 1)..<count).lazy.filter(present).prefix(limit))
        case .before(let prefix):
            let end = max(0, Self.index(prefix))
            indices = Array((0..<end).reversed().lazy.filter(present).prefix(limit)).reversed()
        case .share(let millionths):
            let first = count * Int(millionths) / 1_000_000
            indices = Array((first..<count).lazy.filter(present).prefix(limit))
        case .end:
            indices = Array((0..<count).reversed().lazy.filter(present).prefix(limit)).reversed()
        }
        var page = RIBPage()
        page.prefixCount = UInt64(count)
        page.pathCount = UInt64(count)
        page.share = UInt32((indices.first ?? 0) * 1_000_000 / max(1, count))
        page.rows = indices.map { index in
            RIBRow(prefix: Self.prefix(index), neighbor: Drawing.r2, flags: [.valid, .selected])
        }
        page.next = (indices.last ?? count) + 1 < count ? indices.last.map { Self.prefix($0) } : nil
        return page
    }
}
