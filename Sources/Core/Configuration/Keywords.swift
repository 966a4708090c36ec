/// The reserved words of the language: a bare word equal to one of them is never a name.
enum Keywords {
    static let all: Set<String> = Set(
        """
        AS EVPN IPv4 IPv6 add-path ah allow announce any as-4byte as-override as-set aspa-set avs blackhole
        community compare connect-retry connected customer-as default-route delete demote deny depend descr down
        dump ebgp enforce enhanced esp evaluate expires export export-target ext-community extended fib-priority
        fib-update filtered flags flowspec fragment from graceful group holdtime ibgp ignore ike import-target in
        include inet inet6 ipsec key large-community listen local-address local-as localpref log match max
        max-as-len max-as-seq max-communities max-ext-communities max-large-communities max-prefix maxlen md5sig
        med message metric min min-version multihop neighbor neighbor-as network nexthop no-modify none
        notification on or-longer origin origin-set out ovs passive password peer-as pftable plus policy port
        prefix prefix-set prefixlen prepend-neighbor prepend-self priority proto provider-as qualify quick rd rde
        recv refresh reject remote-as restart restricted rib roa-set role route-reflector router-id rtable rtlabel
        rtr self send set socket source-as spi staletime static tcp to tos transit-as transparent-as ttl-security
        unicast via vpn weight
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
    )
}

/// The candidate at the smallest edit distance of at most 2 and less than the word's length; nil if none is so close.
func closest(to word: String, among candidates: [String]) -> String? {
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where candidate != word {
        let distance = editDistance(Array(word.utf8), Array(candidate.utf8))
        guard distance <= 2, distance < word.utf8.count else { continue }
        if distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
}

/// How many bytes must be put in, taken out, replaced or swapped with their neighbor.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    guard abs(left.count - right.count) <= 2 else { return 3 }
    var twoBack: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
        var current = [row + 1]
        for column in 0..<right.count {
            var cost = min(
                previous[column + 1] + 1,
                current[column] + 1,
                previous[column] + (left[row] == right[column] ? 0 : 1)
            )
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, twoBack[column - 1] + 1)
            }
            current.append(cost)
        }
        twoBack = previous
        previous = current
    }
    return previous[right.count]
}
