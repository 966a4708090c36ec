package import Addressing
package import Attributes
package import RPKI

/// The neighbor that a route came from: for `nexthop neighbor` and `prepend-neighbor`.
package struct RouteSource: Hashable, Sendable, BitwiseCopyable {
    package var address: IPAddress
    package var autonomousSystem: ASNumber

    package init(address: IPAddress, autonomousSystem: ASNumber) {
        self.address = address
        self.autonomousSystem = autonomousSystem
    }
}

/// What is known of a route beside its attributes when it is filtered.
package struct FilteredRoute: Hashable, Sendable, BitwiseCopyable {
    package var prefix: IPPrefix
    package var validity: OriginValidity
    /// What ASPA says of the path that was received.
    package var pathValidity: PathValidity
    /// Where the route came from; nil for own networks.
    package var source: RouteSource?

    package init(
        prefix: IPPrefix,
        validity: OriginValidity,
        pathValidity: PathValidity = .unknown,
        source: RouteSource?
    ) {
        self.prefix = prefix
        self.validity = validity
        self.pathValidity = pathValidity
        self.source = source
    }
}

/// What a filter made of a route.
package struct FilterOutcome: Equatable, Sendable {
    package var isAccepted: Bool
    /// The attributes with all changes, also of a route that is refused: it is shown with them.
    ///
    /// Where the number is not the one given, the caller got one reference to it.
    package var attributes: AttributesID
    /// The number of the rule that decided, see ``CompiledFilter/rule(_:)``; nil where none did.
    package var decidingRule: Int?

    package init(isAccepted: Bool, attributes: AttributesID, decidingRule: Int?) {
        self.isAccepted = isAccepted
        self.attributes = attributes
        self.decidingRule = decidingRule
    }
}

/// A filter program specialised for one neighbor and direction: only rules that can match it, sets as tables.
///
/// Evaluation reads the attributes in place and allocates nothing unless a rule with changes matches.
/// A class, because it is large, never changes, and is asked once a message.
package final class CompiledFilter: Sendable {
    struct Rule: Equatable, Sendable {
        var verb: FilterVerb
        var isQuick: Bool
        var tests: Range<Int>
        /// The place in ``changes``; -1 for none.
        var changes: Int
    }

    /// True where the outcome can differ between prefixes of one family with the same attributes.
    ///
    /// Where it is false the caller may evaluate once for all prefixes of an UPDATE with the same
    /// family, validities and source.
    package let dependsOnPrefix: Bool
    /// True where the outcome can differ with the origin validation state.
    package let dependsOnValidity: Bool
    /// True where no route is accepted, whatever it is.
    package var refusesAll: Bool { !rules.contains { $0.verb == .allow } }
    /// True where the outcome can differ with the neighbor that the route came from.
    package let dependsOnSource: Bool
    /// The neighbor that the filter is for.
    package let peer: PolicyPeer

    /// What is decided of every route, where no rule tests or changes anything.
    private let decided: FilterRun?
    /// Whether it accepts every route or none, where no rule tests or changes anything; nil elsewhere.
    package var decision: Bool? { decided?.isAccepted }

    let rules: [Rule]
    let written: [FilterRule]
    let tests: [RouteTest]
    let changes: [ResolvedChanges]
    let prefixTables: [PrefixTable]
    let originTables: [VRPTable]
    let asTables: [[UInt32]]

    init(
        program: FilterProgram,
        peer: PolicyPeer,
        direction: FilterDirection,
        tables: SetTables
    ) {
        var compiler = FilterCompiler(tables: tables, peer: peer)
        for rule in program.rules where rule.direction == direction && rule.concerns(peer) {
            compiler.add(rule)
        }
        self.peer = peer
        rules = compiler.rules
        written = compiler.written
        tests = compiler.tests
        changes = compiler.changes
        prefixTables = tables.prefixes
        originTables = tables.origins
        asTables = tables.autonomousSystems
        dependsOnPrefix = tests.contains {
            $0.operation == .prefix || $0.operation == .prefixSet || $0.operation == .originSet
        }
        dependsOnValidity = tests.contains { $0.operation == .validity }
        decided = tests.isEmpty && changes.isEmpty ? FilterRun(through: rules) : nil
        dependsOnSource =
            tests.contains { $0.operation == .nextHopIsSource }
            || changes.contains { $0.changes.prependNeighbor != nil || $0.changes.overridesAS }
    }

    /// True where both decide and change alike, for whatever route.
    ///
    /// Both were compiled with the same ``SetTables``.
    package func isEquivalent(to other: CompiledFilter) -> Bool {
        self === other
            || peer.localAS == other.peer.localAS && rules == other.rules && tests == other.tests
                && changes == other.changes
    }

    /// How many rules can match.
    package var ruleCount: Int { rules.count }

    /// The rule of that number as it was written.
    package func rule(_ number: Int) -> FilterRule { written[number] }

    /// Filters one route.
    ///
    /// - Parameters:
    ///   - route: What is known of it beside its attributes.
    ///   - attributes: Its attributes; no reference is taken or given back.
    ///   - store: Where they are, and where a changed set is interned.
    ///   - editor: Scratch memory.
    /// - Returns: What was decided, and the attributes with all changes.
    package func evaluate(
        _ route: FilteredRoute,
        attributes: AttributesID,
        store: AttributeStore,
        editor: inout AttributesEditor
    ) -> FilterOutcome {
        if let decided {
            return FilterOutcome(
                isAccepted: decided.isAccepted && attributes != .none,
                attributes: attributes,
                decidingRule: decided.decidingRule
            )
        }
        var run = FilterRun()
        var isLoaded = false
        while !run.isOver {
            let hit =
                isLoaded
                ? editor.withBytes { nextChange(&run, route, $0) }
                : store.withBytes(attributes) { nextChange(&run, route, $0) }
            guard let hit else { break }
            if !isLoaded { editor.load(attributes, from: store) }
            isLoaded = true
            changes[rules[hit].changes].apply(
                to: &editor,
                family: route.prefix.family,
                sourceAS: route.source?.autonomousSystem
            )
        }
        let changed = isLoaded ? interned(&editor, store, attributes) : attributes
        return FilterOutcome(
            // What no message could carry is refused.
            isAccepted: run.isAccepted && changed != .none,
            attributes: changed,
            decidingRule: run.decidingRule
        )
    }

    /// Interns what the editor holds; where that is what was given, no reference goes to the caller.
    private func interned(
        _ editor: inout AttributesEditor,
        _ store: AttributeStore,
        _ given: AttributesID
    ) -> AttributesID {
        let changed = editor.intern(into: store)
        if changed == given { store.release(changed) }
        return changed
    }

    /// Goes on to the next matching rule that changes something; nil where the run is over before.
    func nextChange(
        _ run: inout FilterRun,
        _ route: FilteredRoute,
        _ bytes: Span<UInt8>
    ) -> Int? {
        let view = RouteView(
            route: route,
            fields: tests.isEmpty ? AttributeFields() : AttributeFields(bytes)
        )
        while run.nextRule < rules.count, !run.isOver {
            let number = run.nextRule
            run.nextRule += 1
            guard matches(number, view, bytes) else { continue }
            run.matched(rules[number], number)
            if rules[number].changes >= 0 { return number }
        }
        run.isOver = run.isOver || run.nextRule >= rules.count
        return nil
    }

    /// True where every group of the rule's tests has one that holds.
    func matches(_ number: Int, _ view: RouteView, _ bytes: Span<UInt8>) -> Bool {
        var holds = true
        var alreadyHolds = false
        for index in rules[number].tests {
            if !alreadyHolds { alreadyHolds = self.holds(index, view, bytes) }
            guard tests[index].endsGroup else { continue }
            holds = alreadyHolds
            alreadyHolds = false
            if !holds { break }
        }
        return holds
    }
}

/// How far an evaluation has come, and what is decided so far.
struct FilterRun {
    var nextRule = 0
    var isOver = false
    var isAccepted = false
    var decidingRule: Int?

    init() {}

    /// The whole way through rules that match every route.
    init(through rules: [CompiledFilter.Rule]) {
        while nextRule < rules.count, !isOver {
            matched(rules[nextRule], nextRule)
            nextRule += 1
        }
        isOver = true
    }

    mutating func matched(_ rule: CompiledFilter.Rule, _ number: Int) {
        switch rule.verb {
        case .allow:
            isAccepted = true
            decidingRule = number
        case .deny:
            isAccepted = false
            decidingRule = number
        case .match:
            break
        }
        if rule.isQuick { isOver = true }
    }
}
