package ai.postdev.app.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * The side of the command line that explains: help, wrong arguments, completion. Made with picocli from the table of
 * verbs; the calls of every day never load this class.
 */
final class Manual {
    private static final String PROGRAM = "postdevai";

    private Manual() {}

    /** The whole program as picocli sees it; also what the reference page is generated from. */
    static CommandLine program() {
        CommandSpec root = CommandSpec.create().name(PROGRAM);
        root.usageMessage()
                .description(
                        "The memory of your work, on your own machine: code, history and notes, found in milliseconds.")
                .footer(
                        "",
                        "Start: postdevai up PATH, then postdevai search \"words\" or postdevai search /regex/",
                        "Exit codes: 0 done or found, 1 nothing found, 2 wrong use, 3 no node, 4 refused, 5 failed",
                        "Environment: POSTDEVAI_HOME (the node's folder), POSTDEVAI_HEAP, POSTDEVAI_JAVA_OPTS,"
                                + " NO_COLOR");
        help(root);
        root.addOption(OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("print the version")
                .build());
        for (Verb verb : Verbs.ALL) {
            root.addSubcommand(verb.name(), new CommandLine(spec(verb)));
        }
        CommandLine program = new CommandLine(root);
        program.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
        return program;
    }

    private static void help(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("print this help")
                .build());
    }

    private static CommandSpec spec(Verb verb) {
        CommandSpec spec = CommandSpec.create().name(verb.name());
        spec.usageMessage().description(verb.help());
        for (Option option : verb.options()) {
            OptionSpec.Builder builder = OptionSpec.builder(option.name()).description(option.help());
            if (option.takesValue()) {
                builder.paramLabel(option.value()).arity("1").type(option.many() ? List.class : String.class);
                if (option.many()) {
                    builder.auxiliaryTypes(String.class);
                }
            } else {
                builder.arity("0").type(boolean.class);
            }
            spec.addOption(builder.build());
        }
        if (!verb.positional().isEmpty()) {
            String max = verb.max() == Verb.MANY ? "*" : Integer.toString(verb.max());
            spec.addPositional(PositionalParamSpec.builder()
                    .completionCandidates(verb.words())
                    .paramLabel(verb.positional())
                    .index("0.." + (verb.max() == Verb.MANY ? "*" : Integer.toString(verb.max() - 1)))
                    .arity(verb.min() + ".." + max)
                    .required(verb.min() > 0)
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .build());
        }
        help(spec);
        return spec;
    }

    /**
     * Answers what is not plain: prints help, the version or what is wrong, and gives the exit code; or, if picocli
     * understands more than the fast parser, hands the arguments to {@code run}.
     */
    static int answer(String[] args, Terminal terminal, Runner run) {
        CommandLine program = program();
        if (args.length > 0 && Verbs.LATER.contains(args[0])) {
            terminal.err()
                    .println("not supported: this version has no '" + args[0] + "'; it has: "
                            + String.join(", ", Verbs.names()));
            return Exit.REFUSED;
        }
        try {
            ParseResult parsed = program.parseArgs(args);
            ParseResult last = parsed;
            while (last.hasSubcommand()) {
                last = last.subcommand();
            }
            if (last.isUsageHelpRequested()) {
                terminal.out().print(last.commandSpec().commandLine().getUsageMessage(ansi(terminal)));
                return Exit.DONE;
            }
            if (parsed.isVersionHelpRequested()) {
                terminal.out().println(PROGRAM + " " + version());
                return Exit.DONE;
            }
            if (last == parsed) {
                terminal.err().print(program.getUsageMessage(ansi(terminal)));
                return Exit.USAGE;
            }
            return run.run(arguments(last));
        } catch (CommandLine.ParameterException e) {
            CommandLine at = e.getCommandLine();
            terminal.err().println(PROGRAM + ": " + e.getMessage());
            terminal.err()
                    .println("see: " + at.getCommandSpec().qualifiedName() + " --help"
                            + (at == program ? "; commands: " + String.join(", ", Verbs.names()) : ""));
            return Exit.USAGE;
        }
    }

    /** What is done with arguments that picocli understood. */
    interface Runner {
        int run(Arguments arguments);
    }

    private static Arguments arguments(ParseResult parsed) {
        Verb verb = Verbs.named(parsed.commandSpec().name());
        Map<String, List<String>> options = new HashMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            options.put(
                    option.longestName(),
                    verb.option(option.longestName()).takesValue() ? option.originalStringValues() : List.of(""));
        }
        List<String> positional = new ArrayList<>();
        // One parameter holds them all; picocli lists it once for each value.
        parsed.matchedPositionals().stream()
                .findFirst()
                .ifPresent(each -> positional.addAll(each.originalStringValues()));
        if (positional.size() < verb.min() || positional.size() > verb.max()) {
            throw new CommandLine.ParameterException(
                    parsed.commandSpec().commandLine(),
                    verb.name() + " takes " + verb.positional() + ", found " + positional.size() + " arguments");
        }
        return new Arguments(verb, options, positional);
    }

    private static CommandLine.Help.Ansi ansi(Terminal terminal) {
        return terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF;
    }

    /** The version of this build. */
    static String version() {
        String version = Manual.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    /** The completion script. zsh reads bash's through its own {@code bashcompinit}, which the script calls. */
    static int completion(Arguments arguments, Terminal terminal) {
        String shell = arguments.text();
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            terminal.err().println("not supported: completion for '" + shell + "', expected bash or zsh");
            return Exit.REFUSED;
        }
        terminal.out().println(AutoComplete.bash(PROGRAM, program()));
        return Exit.DONE;
    }
}
