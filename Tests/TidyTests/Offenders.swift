import Testing

/// Fails with one line a place that breaks a rule.
func expectNone(
    _ offenders: [String],
    _ rule: Comment,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let list = offenders.joined(separator: "\n  ")
    #expect(offenders.isEmpty, "\(rule)\n  \(list)", sourceLocation: sourceLocation)
}
