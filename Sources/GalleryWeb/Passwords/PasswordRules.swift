/// What a new user's name and password must be like: Django's rules, in Django's words, but for its list of common passwords.
///
/// [Password validation in Django](https://docs.djangoproject.com/en/stable/topics/auth/passwords/#module-django.contrib.auth.password_validation)
public enum PasswordRules {
    /// The fewest characters that a password has.
    static let minimumLength = 8
    /// The most characters that a password has: what is longer is a mistake, and costs time to hash.
    static let maximumLength = 1_000
    /// The most characters that a name has.
    static let maximumNameLength = 150
    /// With so few characters around it, a name in a password is all of it that needs to be guessed.
    static let charactersAroundName = 3

    /// What is wrong with a password, or nothing.
    public static func problems(with password: String, of name: String) -> [String] {
        var problems: [String] = []
        if isLike(name, password) {
            problems.append("The password is too similar to the username.")
        }
        if password.unicodeScalars.count < minimumLength {
            problems.append(
                "This password is too short. It must contain at least \(minimumLength) characters."
            )
        }
        if password.unicodeScalars.count > maximumLength {
            problems.append("This password is longer than \(maximumLength) characters.")
        }
        if !password.isEmpty, password.allSatisfy(\.isNumber) {
            problems.append("This password is entirely numeric.")
        }
        return problems
    }

    /// What is wrong with a name, or nothing.
    public static func problems(withName name: String) -> [String] {
        if name.isEmpty { return ["This field cannot be blank."] }
        if name.unicodeScalars.count > maximumNameLength {
            return ["Ensure this value has at most \(maximumNameLength) characters."]
        }
        let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "@.+-_".contains($0) }
        guard isPlain else {
            return [
                "Enter a valid username. This value may contain only letters, numbers, "
                    + "and @/./+/-/_ characters."
            ]
        }
        return []
    }

    /// A name without what is beyond any user's, so that a stranger cannot fill the database with one.
    static func cut(name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(maximumNameLength + 1)))
    }

    private static func isLike(_ name: String, _ password: String) -> Bool {
        let (name, password) = (name.lowercased(), password.lowercased())
        return !name.isEmpty && password.contains(name)
            && password.count - name.count <= charactersAroundName
    }
}
