package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.cluster.Home;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.v1.UpRequest;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code up}: makes sure that the node runs, adds the folders, follows them until they are searchable. */
final class UpCommand {
    /** The longest silence of a node that is reading a project. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final List<String> ROLES = List.of("all", "dragon", "coordinator", "developer");

    private final Home home;
    private final NodeClient client;
    private final Terminal terminal;

    UpCommand(Home home, NodeClient client, Terminal terminal) {
        this.home = home;
        this.client = client;
        this.terminal = terminal;
    }

    int run(Arguments arguments) throws ClientFault {
        List<String> folders = folders(arguments);
        if (arguments.has("--role") && !ROLES.contains(arguments.value("--role"))) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT,
                    "--role is '" + arguments.value("--role") + "', expected " + String.join(", ", ROLES));
        }
        NodeProcess node = new NodeProcess(home, terminal.environment());
        if (arguments.has("--foreground")) {
            return foreground(arguments, node, folders);
        }
        boolean started = !client.reachable() && start(arguments, node);
        if (!started && (arguments.has("--join") || arguments.has("--role"))) {
            throw new ClientFault(
                    FaultCode.FAILED_PRECONDITION,
                    "a node already runs in " + home.root()
                            + "; --join and --role are for its start: postdevai stop, then up again");
        }
        if (!folders.isEmpty()) {
            follow(arguments, folders);
        } else if (!started && !arguments.has("--json")) {
            terminal.err().println("the node is already running; see: postdevai status");
        }
        return Exit.DONE;
    }

    private boolean start(Arguments arguments, NodeProcess node) throws ClientFault {
        long began = System.nanoTime();
        if (terminal.live()) {
            terminal.err().print("starting the node …");
            terminal.err().flush();
        }
        boolean started;
        try {
            started = node.ensure(arguments, client::reachable);
        } finally {
            if (terminal.live()) {
                terminal.err().print("\r\u001b[K");
            }
        }
        if (started) {
            String seconds = Words.tenths((System.nanoTime() - began) / 1e9);
            terminal.err().println("started the node in " + seconds + " s (home " + home.root() + ")");
            terminal.err().flush();
        }
        return started;
    }

    private int foreground(Arguments arguments, NodeProcess node, List<String> folders) throws ClientFault {
        if (client.reachable()) {
            throw new ClientFault(
                    FaultCode.FAILED_PRECONDITION,
                    "a node already runs in " + home.root() + "; end it first: postdevai stop");
        }
        Process process = node.foreground(arguments);
        // A signal to this process must reach the node; one from the terminal reaches both.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        try {
            node.await(process, client::reachable);
            if (!folders.isEmpty()) {
                follow(arguments, folders);
                terminal.flush();
            }
            int code = process.waitFor();
            return code == 0 || code > 128 ? Exit.DONE : Exit.FAILED;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Exit.FAILED;
        } finally {
            process.destroy();
        }
    }

    private void follow(Arguments arguments, List<String> folders) throws ClientFault {
        UpRequest request = UpRequest.newBuilder()
                .addAllPaths(folders)
                .setNoWait(arguments.has("--no-wait"))
                .build();
        if (arguments.has("--json")) {
            client.up(request, PATIENCE, progress -> {
                terminal.out().println(ProtoJson.line(progress));
                terminal.out().flush();
            });
            return;
        }
        ProgressView view = new ProgressView(terminal);
        try {
            client.up(request, PATIENCE, view::show);
        } finally {
            view.end();
        }
    }

    /** The folders as absolute paths; checked here, so that a typing error starts no node. */
    private List<String> folders(Arguments arguments) throws ClientFault {
        List<String> folders = new ArrayList<>();
        for (String argument : arguments.positional()) {
            try {
                Path folder = terminal.cwd().resolve(argument).normalize();
                if (!Files.isDirectory(folder)) {
                    throw new ClientFault(
                            FaultCode.INVALID_ARGUMENT,
                            "'" + argument + "' is " + (Files.exists(folder) ? "no folder" : "not there") + " ("
                                    + folder + "), expected a folder to remember");
                }
                folders.add(folder.toString());
            } catch (InvalidPathException e) {
                throw new ClientFault(FaultCode.INVALID_ARGUMENT, "'" + argument + "' is no path: " + e.getReason());
            }
        }
        return folders;
    }
}
