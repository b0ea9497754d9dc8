package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.cluster.Home;
import ai.postdev.cluster.NodeRefused;
import ai.postdev.cluster.RunInfo;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ClientSettings;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The command line {@code postdevai}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Terminal terminal = Terminal.ofProcess();
        int code = run(args, terminal);
        terminal.flush();
        // Not exit(): this process has nothing that needs an orderly end, and saves some milliseconds.
        Runtime.getRuntime().halt(code);
    }

    /** Runs one command. */
    static int run(String[] args, Terminal terminal) {
        Arguments plain = Arguments.plain(args);
        return plain == null
                ? Manual.answer(args, terminal, arguments -> run(arguments, terminal))
                : run(plain, terminal);
    }

    private static int run(Arguments arguments, Terminal terminal) {
        try {
            if (arguments.verb().name().equals("completion")) {
                return Manual.completion(arguments, terminal);
            }
            if (arguments.verb().name().equals("bench")) {
                return BenchCommand.run(arguments, terminal);
            }
            Home home = Home.locate();
            try (NodeClient client = new NodeClient(socket(home), absent(home), settings(arguments))) {
                return switch (arguments.verb().name()) {
                    case "up" -> new UpCommand(home, client, terminal).run(arguments);
                    case "doctor" -> new DoctorCommand(home, client, terminal).run(arguments);
                    case "backup", "restore", "export", "import" ->
                        new ArchiveCommand(home, client, terminal).run(arguments);
                    case "ask" -> new AskCommand(client, terminal).run(arguments);
                    case "models" -> new ModelsCommand(client, terminal).run(arguments);
                    case "stop" -> StopCommand.run(arguments, client, terminal);
                    default ->
                        arguments.has("--stdin")
                                ? new Batch(client, terminal).run(arguments)
                                : new Calls(client, terminal).run(arguments);
                };
            }
        } catch (ClientFault fault) {
            return report(arguments, fault, terminal);
        } catch (NodeRefused refused) {
            return report(arguments, new ClientFault(FaultCode.FAILED_PRECONDITION, refused.getMessage()), terminal);
        } catch (RuntimeException e) {
            String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return report(arguments, new ClientFault(FaultCode.INTERNAL, what), terminal);
        }
    }

    private static int report(Arguments arguments, ClientFault fault, Terminal terminal) {
        terminal.out().flush();
        if (arguments.has("--json") || arguments.has("--stdin")) {
            terminal.out().println(ProtoJson.error(fault));
        }
        terminal.err().println("postdevai: " + fault.getMessage());
        return Exit.of(fault.code());
    }

    private static Path socket(Home home) {
        Path usual = home.socket();
        if (Files.exists(usual)) {
            return usual;
        }
        // Another environment may have led the node to another folder; its run file says which.
        Optional<RunInfo> running = RunInfo.read(home);
        return running.filter(info -> !info.socket().isEmpty())
                .map(info -> Path.of(info.socket()))
                .orElse(usual);
    }

    private static String absent(Home home) {
        return "no node runs in " + home.root() + "; start one with: postdevai up PATH (another home: POSTDEVAI_HOME)";
    }

    private static ClientSettings settings(Arguments arguments) throws ClientFault {
        int seconds = arguments.count("--timeout");
        if (seconds > 0) {
            return ClientSettings.DEFAULT.withDeadline(Duration.ofSeconds(seconds));
        }
        return arguments.verb().name().equals("doctor")
                ? ClientSettings.DEFAULT.withDeadline(Duration.ofMinutes(2))
                : ClientSettings.DEFAULT;
    }
}
