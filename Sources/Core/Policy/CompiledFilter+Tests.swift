import Addressing
import RPKI

/// A route under test: what is known of it and where its attributes stand in the bytes beside it.
struct RouteView {
    let route: FilteredRoute
    let fields: AttributeFields

    var path: PathScan { PathScan(path: fields.path) }
}

extension CompiledFilter {
    /// True where that test holds for the route.
    func holds(_ index: Int, _ view: RouteView, _ bytes: Span<UInt8>) -> Bool {
        let test = tests[index]
        let prefix = view.route.prefix
        switch test.operation {
        case .never:
            return false
        case .family:
            return prefix.family == test.prefix.family
        case .prefix:
            let length = UInt32(prefix.length)
            return (length >= test.first && length <= test.second) != test.flag
                && test.prefix.covers(prefix)
        case .prefixSet:
            return prefixTables[Int(test.table)].contains(prefix, orLonger: test.flag)
        case .originSet:
            return originTables[Int(test.table)].validity(of: prefix, origin: origin(view, bytes))
                == .valid
        case .validity:
            return UInt32(view.route.validity.rawValue) == test.first
        case .pathValidity:
            return UInt32(view.route.pathValidity.rawValue) == test.first
        case .path:
            return pathHolds(test, view, bytes)
        case .pathLonger:
            return view.path.length(in: bytes) > Int(test.first)
        case .pathRepeats:
            return view.path.longestRun(in: bytes) > max(Int(test.first), 1)
        case .community, .large, .extended:
            return communityHolds(test, view, bytes)
        case .moreCommunities:
            return view.fields.communities.count / 4 > Int(test.first)
        case .moreExtended:
            return view.fields.extended.count / 8 > Int(test.first)
        case .moreLarge:
            return view.fields.large.count / 12 > Int(test.first)
        case .nextHop:
            return bytes.address(at: view.fields.nextHop) == test.prefix.address
        case .nextHopIsSource:
            guard let nextHop = bytes.address(at: view.fields.nextHop) else { return false }
            return nextHop == view.route.source?.address
        }
    }

    private func origin(_ view: RouteView, _ bytes: Span<UInt8>) -> RouteOrigin {
        let path = view.path
        if path.endsInSet(in: bytes) { return .none }
        guard let source = path.source(in: bytes) else { return .autonomousSystem(peer.localAS) }
        return .autonomousSystem(ASNumber(source))
    }

    private func pathHolds(_ test: RouteTest, _ view: RouteView, _ bytes: Span<UInt8>) -> Bool {
        let path = view.path
        switch test.position {
        case .any:
            return path.containsNumber(in: bytes, withoutLast: false) { compares(test, $0) }
        case .transit:
            return path.containsNumber(in: bytes, withoutLast: true) { compares(test, $0) }
        case .peer:
            return compares(test, path.first(in: bytes) ?? peer.localAS.value)
        case .source:
            guard let source = path.source(in: bytes) else { return false }
            return compares(test, source)
        }
    }

    private func compares(_ test: RouteTest, _ number: UInt32) -> Bool {
        switch test.comparison {
        case .equal: number == test.first
        case .notEqual: number != test.first
        case .range: number >= test.first && number <= test.second
        case .outside: number < test.first || number > test.second
        case .table: asTables[Int(test.table)].containsSorted(number)
        }
    }

    private func communityHolds(_ test: RouteTest, _ view: RouteView, _ bytes: Span<UInt8>) -> Bool
    {
        switch test.operation {
        case .community:
            return view.fields.communities.hasElement(of: 4) { offset in
                (bytes.number(at: offset) ^ test.first) & test.second == 0
            }
        case .extended:
            return view.fields.extended.hasElement(of: 8) { offset in
                let value =
                    UInt64(bytes.number(at: offset)) << 32 | UInt64(bytes.number(at: offset + 4))
                return (value ^ test.wide) & test.wideMask == 0
            }
        default:
            let masks = (
                UInt32(truncatingIfNeeded: test.wide >> 32), UInt32(truncatingIfNeeded: test.wide)
            )
            return view.fields.large.hasElement(of: 12) { offset in
                (bytes.number(at: offset) ^ test.first) & masks.0 == 0
                    && (bytes.number(at: offset + 4) ^ test.second) & masks.1 == 0
                    && (bytes.number(at: offset + 8) ^ test.third)
                        & UInt32(truncatingIfNeeded: test.wideMask) == 0
            }
        }
    }
}

extension Range<Int> {
    /// True where an element of that size in the range fits; `fits` gets its offset.
    @inline(__always)
    fileprivate func hasElement(of size: Int, where fits: (Int) -> Bool) -> Bool {
        var offset = lowerBound
        while offset + size <= upperBound {
            if fits(offset) { return true }
            offset += size
        }
        return false
    }
}

extension [UInt32] {
    /// Binary search; the numbers ascend.
    fileprivate func containsSorted(_ number: UInt32) -> Bool {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number
    }
}
