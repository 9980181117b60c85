/// This version of Pail.
public let pailVersion = "0.1.0"
