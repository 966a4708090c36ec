import Addressing
import Attributes
import BGPWire
import Configuration
import Policy
import RPKI
import Routing

/// Roles between neighbors (RFC 9234) and what follows from them: Only-to-Customer and the way that ASPA looks.
extension Speaker {
    /// A received set with Only-to-Customer where our role adds it (RFC 9234 §5); takes the reference to the one that
    /// is given and gives one to the result.
    func marked(_ received: AttributesID, from neighbor: Neighbor) -> AttributesID {
        guard let role = neighbor.role, role.marksReceived,
            !routing.attributes.facts(received).flags.contains(.hasOTC)
        else { return received }
        editor.load(received, from: routing.attributes)
        editor.setOnlyToCustomer(neighbor.remoteAS)
        let result = editor.intern(into: routing.attributes)
        routing.attributes.release(received)
        return result
    }

    /// True where Only-to-Customer says that the neighbor ought not to have sent the route.
    func isLeak(
        _ received: AttributesID,
        _ role: BGPRole,
        from neighborAS: ASNumber
    ) -> Bool {
        guard routing.attributes.facts(received).flags.contains(.hasOTC),
            let number = routing.attributes.withBytes(
                received,
                { AttributeReading.onlyToCustomer(in: $0) }
            )
        else { return false }
        return role.isLeak(otc: number.value, from: neighborAS.value)
    }

    /// What the ASPAs say of a route's path, seen from our role (part D3).
    func pathValidity(
        of received: AttributesID,
        _ role: BGPRole,
        from neighborAS: ASNumber
    ) -> PathValidity {
        guard !configuration.aspaTable.isEmpty else { return .unknown }
        let direction: PathDirection = role == .customer ? .downstream : .upstream
        return routing.attributes.withBytes(received) { bytes in
            var path: [ASNumber] = []
            var isPlain = true
            AttributeReading.forEachAS(in: bytes) { entry in
                isPlain = entry.segmentType == 2
                if path.last != entry.number { path.append(entry.number) }
                return isPlain
            }
            // A route server need not put itself into the path.
            let isNeighborsOwn = role == .routeServerClient || path.first == neighborAS
            guard isPlain, isNeighborsOwn else { return .invalid }
            return configuration.aspaTable.validity(of: path, direction)
        }
    }
}
