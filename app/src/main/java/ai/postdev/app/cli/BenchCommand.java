package ai.postdev.app.cli;

import ai.postdev.app.bench.AskBench;
import ai.postdev.app.bench.NodeBench;
import ai.postdev.app.bench.OverloadBench;
import ai.postdev.app.bench.RecoveryBench;
import ai.postdev.app.bench.SembleBench;
import ai.postdev.app.bench.SoakBench;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code bench}: measures in this process, so the launcher starts it with the class path of a node. */
final class BenchCommand {
    /** What it can measure. */
    static final List<String> SUITES = List.of("ask", "node", "overload", "recovery", "semble", "soak");

    private static final Duration OVERLOAD_TIME = Duration.ofMinutes(10);
    private static final Duration SOAK_TIME = Duration.ofMinutes(30);

    private BenchCommand() {}

    static int run(Arguments arguments, Terminal terminal) {
        String suite = arguments.positional().getFirst();
        return switch (suite) {
            case "ask" -> AskBench.run(ofTrees(arguments, terminal), terminal.out(), terminal.err());
            case "semble" -> SembleBench.run(ofTrees(arguments, terminal), terminal.out(), terminal.err());
            case "node" -> node(suite, arguments, terminal);
            case "overload" -> node(suite, arguments, terminal);
            case "recovery" -> node(suite, arguments, terminal);
            case "soak" -> node(suite, arguments, terminal);
            default -> {
                terminal.err()
                        .println(
                                "not supported: bench '" + suite + "'; this version has: " + String.join(", ", SUITES));
                yield Exit.REFUSED;
            }
        };
    }

    private static int node(String suite, Arguments arguments, Terminal terminal) {
        String launcher = System.getProperty("postdevai.launcher", "");
        Path tree = terminal.cwd().resolve(arguments.positional().get(1)).normalize();
        if (launcher.isEmpty() || !Files.isDirectory(tree)) {
            terminal.err()
                    .println("postdevai: "
                            + (launcher.isEmpty()
                                    ? "bench " + suite + " needs the launcher; run ./postdevai bench " + suite + " DIR"
                                    : tree + " is no folder"));
            return Exit.USAGE;
        }
        if (suite.equals("overload")) {
            return OverloadBench.run(Path.of(launcher), tree, OVERLOAD_TIME, terminal.out(), terminal.err());
        }
        if (suite.equals("recovery")) {
            return RecoveryBench.run(Path.of(launcher), tree, terminal.out(), terminal.err());
        }
        if (suite.equals("soak")) {
            return SoakBench.run(Path.of(launcher), tree, SOAK_TIME, terminal.out(), terminal.err());
        }
        return NodeBench.run(Path.of(launcher), tree, !arguments.has("--text-only"), terminal.out(), terminal.err());
    }

    /** The arguments of a suite that asks questions about trees. */
    private static List<String> ofTrees(Arguments arguments, Terminal terminal) {
        List<String> rest = new ArrayList<>();
        for (Option option : arguments.verb().options()) {
            if (arguments.has(option.name())) {
                rest.add(option.name());
                if (option.takesValue()) {
                    rest.add(terminal.cwd()
                            .resolve(arguments.value(option.name()))
                            .toString());
                }
            }
        }
        rest.add(terminal.cwd().resolve(arguments.positional().get(1)).toString());
        return rest;
    }
}
