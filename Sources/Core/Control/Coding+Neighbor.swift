extension NeighborNumber: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.number(value) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(try reader.number())
    }
}

extension NeighborSelector: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .all:
            writer.octet(0)
        case .number(let number):
            writer.octet(1)
            writer.value(number)
        case .address(let address):
            writer.octet(2)
            writer.value(address)
        case .descr(let descr):
            writer.octet(3)
            writer.text(descr)
        case .group(let name):
            writer.octet(4)
            writer.text(name)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0: self = .all
        case 1: self = .number(try reader.value())
        case 2: self = .address(try reader.value())
        case 3: self = .descr(try reader.text())
        case 4: self = .group(try reader.text())
        default: throw .badValue(offset: offset, type: "neighbor selector")
        }
    }
}

extension SentReceived: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(sent)
        writer.number(received)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(sent: try reader.number(), received: try reader.number())
    }
}

extension TimerRow: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.text(name)
        writer.signed(dueMilliseconds)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(name: try reader.text(), dueMilliseconds: try reader.signed())
    }
}

extension NeighborRow: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(number)
        writer.value(address)
        writer.value(remoteAS)
        writer.value(state)
        writer.flag(templateLength != nil)
        if let templateLength { writer.octet(templateLength) }
        writer.flag(isCloned)
        writer.text(descr)
        writer.text(group)
        writer.flag(markedDown)
        writer.optional(sinceSeconds)
        writer.optional(retry)
        writer.number(remoteIdentifier)
        writer.number(messagesReceived)
        writer.number(messagesSent)
        writer.number(prefixesReceived)
        writer.number(prefixesAccepted)
        writer.number(prefixesSent)
        writer.number(maximumPrefixes)
        writer.number(outQueue)
        writer.optional(lastDown)
        writer.number(flapsLastHour)
        writer.number(flaps)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            number: try reader.value(),
            address: try reader.value(),
            remoteAS: try reader.value(),
            state: try reader.value()
        )
        templateLength = try reader.flag() ? try reader.octet() : nil
        isCloned = try reader.flag()
        descr = try reader.text()
        group = try reader.text()
        markedDown = try reader.flag()
        sinceSeconds = try reader.optional()
        retry = try reader.optional()
        remoteIdentifier = try reader.number()
        messagesReceived = try reader.number()
        messagesSent = try reader.number()
        prefixesReceived = try reader.number()
        prefixesAccepted = try reader.number()
        prefixesSent = try reader.number()
        maximumPrefixes = try reader.number()
        outQueue = try reader.number()
        lastDown = try reader.optional()
        flapsLastHour = try reader.number()
        flaps = try reader.number()
    }
}

extension NeighborDetail.Transition: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(time)
        writer.value(from)
        writer.value(to)
        writer.text(event)
        writer.optional(reason)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            time: try reader.value(),
            from: try reader.value(),
            to: try reader.value(),
            event: try reader.text(),
            reason: try reader.optional()
        )
    }
}

extension NeighborDetail: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(row)
        writer.value(localAS)
        writeConfiguration(to: &writer)
        writeSession(to: &writer)
        for count in counts { writer.value(count) }
        writer.number(pendingUpdates)
        writer.number(pendingWithdraws)
        writer.number(treatedAsWithdraw)
        writer.number(attributesDiscarded)
        writer.number(inputBytes)
        writer.number(outputBytes)
        writer.optional(lastErrorSent)
        writer.optional(lastErrorReceived)
        writer.optional(lastReceivedShutdownText)
        writer.optional(lastDownAt)
        writer.number(lastUpSeconds)
        writer.optional(lastLoss)
        writer.list(history)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(row: try reader.value(), localAS: try reader.value())
        try readConfiguration(from: &reader)
        try readSession(from: &reader)
        opens = try reader.value()
        notifications = try reader.value()
        updates = try reader.value()
        keepalives = try reader.value()
        routeRefreshes = try reader.value()
        prefixUpdates = try reader.value()
        prefixWithdraws = try reader.value()
        endOfRIB = try reader.value()
        refreshBegins = try reader.value()
        refreshEnds = try reader.value()
        pendingUpdates = try reader.number()
        pendingWithdraws = try reader.number()
        treatedAsWithdraw = try reader.number()
        attributesDiscarded = try reader.number()
        inputBytes = try reader.number()
        outputBytes = try reader.number()
        lastErrorSent = try reader.optional()
        lastErrorReceived = try reader.optional()
        lastReceivedShutdownText = try reader.optional()
        lastDownAt = try reader.optional()
        lastUpSeconds = try reader.number()
        lastLoss = try reader.optional()
        history = try reader.list()
    }

    private var counts: [SentReceived] {
        [
            opens, notifications, updates, keepalives, routeRefreshes, prefixUpdates,
            prefixWithdraws, endOfRIB, refreshBegins, refreshEnds,
        ]
    }

    private func writeConfiguration(to writer: inout ControlWriter) {
        writer.flag(hasLocalAS)
        writer.flag(isPassive)
        writer.octet(multihop)
        writer.flag(ttlSecurity)
        writer.flag(usesMD5)
        writer.flag(isReflectorClient)
        writer.optional(role)
        writer.flag(enforcesRole)
        writer.number(configuredHoldTime)
        writer.number(minimumHoldTime)
        writer.number(maximumPrefixRestartMinutes)
        writer.number(maximumSentPrefixes)
        writer.number(maximumSentPrefixRestartMinutes)
        writer.text(dependsOn)
        writer.text(configuredAt)
        writer.number(policyRulesIn)
        writer.number(policyRulesOut)
        writer.optional(shutdownText)
    }

    private mutating func readConfiguration(
        from reader: inout ControlReader
    ) throws(ControlFault) {
        hasLocalAS = try reader.flag()
        isPassive = try reader.flag()
        multihop = try reader.octet()
        ttlSecurity = try reader.flag()
        usesMD5 = try reader.flag()
        isReflectorClient = try reader.flag()
        role = try reader.optional()
        enforcesRole = try reader.flag()
        configuredHoldTime = try reader.number()
        minimumHoldTime = try reader.number()
        maximumPrefixRestartMinutes = try reader.number()
        maximumSentPrefixes = try reader.number()
        maximumSentPrefixRestartMinutes = try reader.number()
        dependsOn = try reader.text()
        configuredAt = try reader.text()
        policyRulesIn = try reader.number()
        policyRulesOut = try reader.number()
        shutdownText = try reader.optional()
    }

    private func writeSession(to writer: inout ControlWriter) {
        writer.optional(localAddress)
        writer.number(localPort)
        writer.number(remotePort)
        writer.value(localCapabilities)
        writer.optional(remoteCapabilities)
        writer.optional(negotiatedCapabilities)
        writer.number(holdTime)
        writer.number(keepaliveInterval)
        writer.optional(lastReadSeconds)
        writer.optional(lastWriteSeconds)
        writer.list(timers)
        writer.list(notes)
    }

    private mutating func readSession(from reader: inout ControlReader) throws(ControlFault) {
        localAddress = try reader.optional()
        localPort = try reader.number()
        remotePort = try reader.number()
        localCapabilities = try reader.value()
        remoteCapabilities = try reader.optional()
        negotiatedCapabilities = try reader.optional()
        holdTime = try reader.number()
        keepaliveInterval = try reader.number()
        lastReadSeconds = try reader.optional()
        lastWriteSeconds = try reader.optional()
        timers = try reader.list()
        notes = try reader.list()
    }
}
