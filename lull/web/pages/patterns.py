"""Sentences of refusal that come from below, by their pattern: what is put in stands as {0}, {1}.

{w1} is put in as words: names of steps, states, roles and choices in it are translated. What stands
in a sentence of its own kind, such as «The number of vehicles», is translated as a whole.
"""

from __future__ import annotations

PATTERNS = (
    "{0} is no whole number.",
    "{0} is no figure in plain form, such as 36.2021.",
    "{0} is no time in UTC, such as 2016-10-20T09:15:00Z.",
    "{0} is none of: {w1}.",
    "{0} is no figure.",
    "The text is longer than {0} characters.",
    "It ends ({0}) before it begins ({1}).",
    "{0}, {1} is no latitude and longitude.",
    "{0} is no MGRS grid reference, such as 37S CA 31250 08770.",
    "The time {0} needs a time zone, and no parts of a second.",
    "{w0} is {1}; it must be a whole number of at least {2}.",
    "{w0} is {1}; it must be one of: {w2}.",
    "{0}: a unit weighs less than nothing.",
    "{0} wrote {w1} for {2} as version {3}; the next version is {4}, so that everyone who had an "
    "earlier one is told of it. The fault lies with {5}.",
    "{0} wrote {w1} for version {2} of {3}, and no such version was written. The fault lies with "
    "{4}.",
    "No version of the notification {0} stands in an entry of this hash. Report the incident from "
    "the page of the notification, or take the hash from its entry.",
    "The entry of this hash is version {0}, not {1}.",
    "Say by whom it is {w0}, and the reason that was given, or «none given».",
    "Version {0} was written {1} times, by posts that were apart; which of them holds cannot be "
    "told here. Write version {2} that says what holds, and send that.",
    "{0} wrote {w1} for {2}: by its record and its writer this is {3}, and not {4}. The fault lies "
    "with {5}.",
    "The question {w0} cannot be waived by a party.",
    "They say that they read version {0}; this is the receipt of version {1}.",
    "Nothing is sent over {0}; it must be one of: {w1}.",
    "It is a call sign, frequency or number, at most {0} characters on one line.",
    "At most {0} sides can be named.",
    "{0} of the sides named have no member with a key, or are not known here; what is sealed to "
    "them could be read by nobody. Invite them first.",
    "{0} is written by the server itself, of what it saw.",
    "By its record this is {0}; the part must say the same, so that nobody answers in another's "
    "place.",
    "The time said {0} must be like 2016-10-20T09:15:00Z, in the years {1} to {2}.",
    "{0} is no year of a pause; times lie in the years {1} to {2}. Look at the year.",
    "In {0} the clock is put forward or back around {1}; give this time in UTC.",
    "There were too many failed attempts; wait {0} seconds.",
    "{w0} has 1 to {1} characters.",
    "{w0} stands on one line.",
    "As {w0} you invite to your own role.",
    "As {w0} you may {w1} {w2}: {w3}.",
    "This token is not for {0}; sign in, or make one that is.",
    "A token is for one or more of: {0}.",
    "A token lives 1 to {0} days.",
    "A passphrase has at least {0} characters; six random words are better.",
    "The folder is larger than {0} MB.",
    "Send the folder sealed to this server's key: lull seal FOLDER --to {0}",
    "{0} jobs wait already; end one, or wait.",
    "The folder cannot be used: {0}",
    "The name of this file leads out of the folder, or is none that every system can keep; it is "
    "not opened.",
    "This is no plain file but {0}; it is not opened.",
    "The archive holds no file.",
    "This is no public key of age: it starts with age1 and has 62 characters; lull key makes one.",
    "This is a secret key, and was not kept. Give the public one, which starts with age1; take a "
    "new pair if anybody else can have read this.",
    "The file stands in the archive twice, and nobody can say which is meant.",
    "The archive is damaged, was cut off, or is of a kind that is not read ({0}). Make it again as "
    "a plain .zip or .tar.",
    "The file is larger than {0} MB; merge it where the store is: lull ledger merge",
    "No log has more than {0} epochs; nothing was taken from this file.",
    "It leaves {0} hours after it was submitted; a notification is to be submitted {1} hours "
    "ahead.",
    "It leaves {0} hours after it was submitted; an emergency is to be submitted {1} hours ahead.",
    "It was to be reviewed by {0}; until that is done it is unverified.",
    "{0} wrote {w1} for {2}, of which nothing has been said yet; {w3} can follow only on {w4}. "
    "{w5} The fault lies with {6}.",
    "{0} wrote {w1} for {2}, which is {w3}; {w4} can follow only on {w5}. {w6} The fault lies "
    "with {7}.",
    "{0} wrote {w1} for {2} as {w3}; only {w4} may. The fault lies with {5}.",
    "{0} wrote {w1} for {2}; a {w3} knows only these steps: {w4}. The fault lies with {5}.",
    "What can follow now: {w0}.",
    "It is transmitted {0} before departure; a planned movement is notified {1} before, so it is "
    "{2} late ({3}).",
    "It is transmitted {0} before departure; an emergency movement is notified {1} before, so it "
    "is {2} late ({3}).",
    "It is transmitted after departure; a planned movement is notified {0} before, so it is {1} "
    "late ({2}).",
    "It is transmitted after departure; an emergency movement is notified {0} before, so it is "
    "{1} late ({2}).",
    "It was to be reviewed by {0}, {1} ago; until that is done it is unverified ({2}).",
    "Its review is set {0} later than {1} after its function was confirmed ({2}).",
    "{0} is a square of {1} m; it says no more than to {2} m, and not to {3} m.",
    "{0}, {1} is {2}; {3} is {4}, {5}: they lie {6} m apart, and the accuracy is {7} m. Find out "
    "which is right.",
    "Corridors for fighters are named among the corridors, too; missing there: {0}.",
    "Say why their second factor is taken away, in at most {0} characters; that is written down.",
    "The entry {0} is no version of {1}.",
    "The entry {0} is version {1} of {2}, not {3}.",
    "The version in force then was {0}, not {1}; leave it out, or give the hash of the entry that "
    "is meant.",
    "{w0} is never public: restricted, or sealed as its notification is.",
)
PARTS = (
    "The text holds half of a character (a lone surrogate).",
    "There must be a text here, or nothing.",
    "The corridor, the condition and the actor of a cell are written without a slash.",
    "It must be true, or be left out.", "Say whose approval it awaits.",
    "Meals are given out at a feeding point; say that it is one.",
    "Name those to whom it is attributed: nobody for nobody, one for one, two or more for several.",
    "The outline of a site has at least three corners, each at a place of its own.",
    "Units removed at a check", "The version decided on",
    "Nothing can follow on that.",
    "The version", "The version sent", "The number of vehicles", "The number of crew",
    "The accuracy in metres", "The stand-off distance in metres", "Minutes between check-ins",
    "who submits it", "reached at any hour; a pause folder has no numbers",
    "whom the owner consents to tell, and over which channel",
    "make, colour, plates and markings", "how many, of which organisation",
    "how they are reached on the way", "how often they report",
    "no point is given, as the folder does not say how accurate its points are",
    "drafted from the plan, to be confirmed by whoever leads",
    "nothing in the folder says it", "seals, volume and manifests", "Positions",
    "How often it was tried", "nothing of this kind", "only", "by", "or",
)
"""Sentences that are not written at the call that refuses, and what is put into others."""
