package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import ai.postdev.cluster.Home;
import ai.postdev.cluster.PrivateFiles;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.v1.BackupAnswer;
import ai.postdev.v1.BackupCheckAnswer;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.BackupsAnswer;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.ExportAnswer;
import ai.postdev.v1.ExportRequest;
import ai.postdev.v1.ImportAnswer;
import ai.postdev.v1.RestoreAnswer;
import com.google.protobuf.MessageLite;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code backup}, {@code restore}, {@code export} and {@code import}: what reads a journal in use is asked of its node;
 * everything else is done by a process of its own.
 */
final class ArchiveCommand {
    private static final String MAIN = "ai.postdev.app.ArchiveTool";
    /** The longest silence of a node that is copying. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private final Home home;
    private final NodeClient client;
    private final Terminal terminal;

    ArchiveCommand(Home home, NodeClient client, Terminal terminal) {
        this.home = home;
        this.client = client;
        this.terminal = terminal;
    }

    int run(Arguments arguments) throws ClientFault {
        return switch (arguments.verb().name()) {
            case "backup" -> backup(arguments);
            case "export" -> export(arguments);
            case "restore" -> restore(arguments);
            case "import" -> take(arguments);
            default ->
                throw new IllegalStateException(
                        "no archive for " + arguments.verb().name());
        };
    }

    private int backup(Arguments arguments) throws ClientFault {
        boolean list = arguments.has("--list");
        boolean verify = arguments.has("--verify");
        if ((list ? 1 : 0) + (verify ? 1 : 0) + (arguments.has("--keep") ? 1 : 0) > 1
                || (list || verify) && arguments.has("--project")) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT,
                    "--list and --verify look at a whole backup and take no other option; --keep and --project are for"
                            + " making one");
        }
        String folder = path(arguments.text()).toString();
        if (list) {
            BackupsAnswer answer = tool(BackupsAnswer.parser(), "list", folder);
            if (!json(arguments, answer)) {
                ArchiveView.print(answer, terminal);
            }
            return answer.getMomentsCount() > 0 ? Exit.DONE : Exit.NOTHING;
        }
        if (verify) {
            BackupCheckAnswer answer = tool(BackupCheckAnswer.parser(), "check", folder);
            if (!json(arguments, answer)) {
                ArchiveView.print(answer, terminal);
            }
            return answer.getHealthy() ? Exit.DONE : Exit.FAILED;
        }
        BackupRequest request = BackupRequest.newBuilder()
                .setFolder(folder)
                .setProject(arguments.value("--project"))
                .setKeep(arguments.count("--keep"))
                .build();
        Last last = new Last();
        client.backup(request, PATIENCE, last::show);
        BackupAnswer answer = last.end().getBackup();
        if (!json(arguments, answer)) {
            ArchiveView.print(answer, terminal);
        }
        return Exit.DONE;
    }

    private int export(Arguments arguments) throws ClientFault {
        ExportRequest request = ExportRequest.newBuilder()
                .setFile(path(arguments.text()).toString())
                .setProject(arguments.value("--project"))
                .build();
        Last last = new Last();
        client.export(request, PATIENCE, last::show);
        ExportAnswer answer = last.end().getExport();
        if (!json(arguments, answer)) {
            ArchiveView.print(answer, terminal);
        }
        return Exit.DONE;
    }

    private int restore(Arguments arguments) throws ClientFault {
        requireStopped();
        RestoreAnswer answer = tool(
                RestoreAnswer.parser(),
                "restore",
                path(arguments.text()).toString(),
                arguments.value("--project"),
                arguments.value("--at"),
                into(arguments));
        if (!json(arguments, answer)) {
            ArchiveView.print(answer, terminal);
        }
        return Exit.DONE;
    }

    private int take(Arguments arguments) throws ClientFault {
        requireStopped();
        ImportAnswer answer =
                tool(ImportAnswer.parser(), "import", path(arguments.text()).toString(), into(arguments));
        if (!json(arguments, answer)) {
            ArchiveView.print(answer, terminal);
        }
        return Exit.DONE;
    }

    private void requireStopped() throws ClientFault {
        if (client.reachable()) {
            throw new ClientFault(
                    FaultCode.FAILED_PRECONDITION,
                    "a node runs in " + home.root() + ", and its journal must not be in use; first: postdevai stop"
                            + " (another home: POSTDEVAI_HOME)");
        }
    }

    private String into(Arguments arguments) throws ClientFault {
        String into = arguments.value("--into");
        if (into.isEmpty()) {
            return "";
        }
        Path folder = path(into);
        if (!Files.isDirectory(folder)) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT, "--into is '" + into + "', expected the folder of the working tree");
        }
        return folder.toString();
    }

    private Path path(String text) throws ClientFault {
        try {
            return terminal.cwd().resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "'" + text + "' is no path: " + e.getReason());
        }
    }

    /** Keeps the last message of a copy, and shows the others where there is a person to see them. */
    private final class Last {
        private CopyProgress last = CopyProgress.getDefaultInstance();
        private boolean drawn;

        void show(CopyProgress progress) {
            last = progress;
            if (terminal.live() && progress.getOperationsTotal() > 0) {
                terminal.err().print("\r\u001b[K" + Words.cut(ArchiveView.line(progress), terminal.width() - 1));
                terminal.err().flush();
                drawn = true;
            }
        }

        CopyProgress end() {
            if (drawn) {
                terminal.err().print("\r\u001b[K");
                terminal.err().flush();
            }
            return last;
        }
    }

    private <A extends MessageLite> A tool(Parser<A> parser, String... words) throws ClientFault {
        try {
            PrivateFiles.directory(home.run());
            Path file = Files.createTempFile(home.run(), "archive", ".answer");
            try {
                List<String> all = new ArrayList<>(List.of(file.toString()));
                all.addAll(List.of(words));
                new NodeProcess(home, terminal.environment()).runToEnd(MAIN, all);
                return answer(parser, file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ClientFault(
                    FaultCode.INTERNAL,
                    words[0] + " cannot be done in the home " + home.root() + ": " + e.getMessage());
        }
    }

    private static <A extends MessageLite> A answer(Parser<A> parser, Path file) throws IOException, ClientFault {
        try (FileChannel frames = FileChannel.open(file, StandardOpenOption.READ)) {
            Frame frame = Frames.read(frames, ANSWER_BYTES_MAX)
                    .orElseThrow(() -> new IOException("it left no answer in " + file));
            if (frame instanceof Frame.Data data) {
                return parser.parseFrom(data.message());
            }
            if (frame instanceof Frame.End end) {
                throw new ClientFault(end.code(), end.message());
            }
            throw new IOException("it left a request in " + file);
        }
    }

    private boolean json(Arguments arguments, MessageOrBuilder answer) {
        if (!arguments.has("--json")) {
            return false;
        }
        terminal.out().println(ProtoJson.line(answer));
        return true;
    }
}
