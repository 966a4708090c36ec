extension WhatIfRequest.Change: ControlCoded {}

extension WhatIfRequest: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(neighbor)
        writer.value(change)
        writer.optional(after)
        writer.number(limit)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            try reader.value(),
            try reader.value(),
            after: try reader.optional(),
            limit: try reader.number()
        )
    }
}

extension WhatIfSlice.Destination: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(neighbor)
        writer.number(count)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(neighbor: try reader.value(), count: try reader.number())
    }
}

extension WhatIfRow: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(prefix)
        writer.value(from)
        writer.optional(to)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(
            prefix: try reader.value(),
            from: try reader.value(),
            to: try reader.optional()
        )
    }
}

extension WhatIfSlice: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        writer.value(neighbor)
        writer.number(prefixCount)
        writer.number(looked)
        writer.list(moves)
        writer.number(unreachable)
        writer.list(rows)
        writer.optional(next)
        writer.flag(isPreparing)
        writer.number(generation)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(neighbor: try reader.value())
        prefixCount = try reader.number()
        looked = try reader.number()
        moves = try reader.list()
        unreachable = try reader.number()
        rows = try reader.list()
        next = try reader.optional()
        isPreparing = try reader.flag()
        generation = try reader.number()
    }
}
