package ai.postdev.app.cli;

import ai.postdev.app.bench.SembleBench;
import java.util.ArrayList;
import java.util.List;

/** {@code bench}: measures in this process, so the launcher starts it with the class path of a node. */
final class BenchCommand {
    private BenchCommand() {}

    static int run(Arguments arguments, Terminal terminal) {
        String suite = arguments.positional().getFirst();
        if (!suite.equals("semble")) {
            terminal.err().println("not supported: bench '" + suite + "'; this version has: semble");
            return Exit.REFUSED;
        }
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
        return SembleBench.run(rest, terminal.out(), terminal.err());
    }
}
