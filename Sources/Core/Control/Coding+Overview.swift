extension KernelCounts: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.number(wanted)
        writer.number(installed)
        writer.number(hidden)
        writer.number(pending)
        writer.number(refused)
        writer.number(drift)
        writer.number(total)
        writer.number(foreign)
        writer.number(overruns)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init()
        wanted = try reader.number()
        installed = try reader.number()
        hidden = try reader.number()
        pending = try reader.number()
        refused = try reader.number()
        drift = try reader.number()
        total = try reader.number()
        foreign = try reader.number()
        overruns = try reader.number()
    }
}

extension Overview: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(now)
        writer.number(sessionsUp)
        writer.number(sessionsTotal)
        writer.number(prefixCount)
        writer.number(pathCount)
        writer.number(bestCount)
        writer.value(kernel)
        writer.value(lag)
        writer.list(updatesIn)
        writer.list(updatesOut)
        writer.list(updatesKernel)
        writer.number(ribGeneration)
        writer.number(kernelGeneration)
        writer.number(lastMessage)
        writer.optional(lastEvent)
        writer.list(neighbors)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(now: try reader.value())
        sessionsUp = try reader.number()
        sessionsTotal = try reader.number()
        prefixCount = try reader.number()
        pathCount = try reader.number()
        bestCount = try reader.number()
        kernel = try reader.value()
        lag = try reader.value()
        updatesIn = try reader.list()
        updatesOut = try reader.list()
        updatesKernel = try reader.list()
        ribGeneration = try reader.number()
        kernelGeneration = try reader.number()
        lastMessage = try reader.number()
        lastEvent = try reader.optional()
        neighbors = try reader.list()
    }
}

extension Instance.KernelUpdates: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        switch self {
        case .on(let table, let protocolNumber, let metric):
            writer.octet(0)
            writer.number(table)
            writer.octet(protocolNumber)
            writer.number(metric)
        case .off(let reason):
            writer.octet(1)
            writer.text(reason)
        }
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        switch try reader.octet() {
        case 0:
            self = .on(
                table: try reader.number(),
                protocolNumber: try reader.octet(),
                metric: try reader.number()
            )
        case 1: self = .off(reason: try reader.text())
        default: throw .badValue(offset: offset, type: "kernel state")
        }
    }
}

extension Instance: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.text(version)
        writer.text(hostName)
        writer.signed(processID)
        writer.value(localAS)
        writer.value(routerID)
        writer.value(startedAt)
        writer.text(configurationPath)
        writer.text(socketPath)
        writer.value(kernelUpdates)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            version: try reader.text(),
            hostName: try reader.text(),
            processID: try reader.signed(),
            localAS: try reader.value(),
            routerID: try reader.value(),
            startedAt: try reader.value(),
            configurationPath: try reader.text(),
            socketPath: try reader.text(),
            kernelUpdates: try reader.value()
        )
    }
}

extension ActionResult: ControlCoded {}

extension MemoryItem: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.text(name)
        writer.text(label)
        writer.number(count)
        writer.number(byteCount)
        writer.number(references)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            name: try reader.text(),
            label: try reader.text(),
            count: try reader.number(),
            byteCount: try reader.number(),
            references: try reader.number()
        )
    }
}
