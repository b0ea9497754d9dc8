package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.text.ContextMarkdown;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.ForgetAnswer;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.ProjectsAnswer;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.VersionsAnswer;
import com.google.protobuf.MessageOrBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Carries out the verbs that are one call to a running node; each answers with its exit code. */
final class Calls {
    /** Bytes of text that {@code recall -} and {@code remember -} read. */
    private static final int STDIN_BYTES_MAX = 1 << 20;

    private final NodeClient client;
    private final Terminal terminal;

    Calls(NodeClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /** Runs the verb; {@code up}, {@code stop} and {@code completion} are done elsewhere. */
    int run(Arguments arguments) throws ClientFault {
        return switch (arguments.verb().name()) {
            case "search" -> search(arguments);
            case "recall" -> recall(arguments);
            case "related" -> related(arguments);
            case "pin", "unpin" -> pin(arguments);
            case "show" -> show(arguments);
            case "context" -> context(arguments);
            case "diff" -> diff(arguments);
            case "timeline" -> arguments.has("--versions") ? versions(arguments) : timeline(arguments);
            case "remember" -> remember(arguments);
            case "status" -> status(arguments);
            case "projects" -> projects(arguments);
            case "lake" -> lake(arguments);
            case "forget" -> forget(arguments);
            default ->
                throw new IllegalStateException(
                        "no call for " + arguments.verb().name());
        };
    }

    private int search(Arguments arguments) throws ClientFault {
        SearchAnswer answer = client.search(Requests.search(arguments, text(arguments)));
        if (!json(arguments, answer)) {
            SearchView.print(answer, terminal);
        }
        return found(answer.getHitsCount());
    }

    private int recall(Arguments arguments) throws ClientFault {
        RecallAnswer answer = client.recall(Requests.recall(arguments, text(arguments)));
        if (!json(arguments, answer)) {
            EventView.print(answer, terminal);
        }
        return found(answer.getEventsCount());
    }

    private int related(Arguments arguments) throws ClientFault {
        RelatedAnswer answer = client.related(Requests.related(arguments, terminal.cwd()));
        if (!json(arguments, answer)) {
            EventView.print(answer, terminal);
        }
        return found(answer.getRelationsCount());
    }

    private int pin(Arguments arguments) throws ClientFault {
        PinAnswer answer = client.pin(Requests.pin(arguments, terminal.cwd()));
        if (!json(arguments, answer)) {
            EventView.print(answer, terminal);
        }
        return Exit.DONE;
    }

    private interface ByPath<A> {
        A call(String path) throws ClientFault;
    }

    /**
     * A relative path is first meant from here, also for a file that is long gone; where that is no remembered place, it
     * is meant from the root of a project.
     */
    private <A> A fromHere(Arguments arguments, String path, ByPath<A> call) throws ClientFault {
        if (path.isEmpty() || path.startsWith("/") || arguments.has("--project")) {
            return call.call(path);
        }
        try {
            return call.call(terminal.cwd().resolve(path).normalize().toString());
        } catch (ClientFault fault) {
            if (fault.code() != FaultCode.NOT_FOUND) {
                throw fault;
            }
            return call.call(path);
        }
    }

    private int context(Arguments arguments) throws ClientFault {
        String question = arguments.text().isEmpty() ? "" : text(arguments);
        ContextAnswer answer = fromHere(
                arguments,
                arguments.value("--file"),
                path -> client.context(Requests.context(arguments, question, path)));
        if (arguments.has("--markdown") && !arguments.has("--json")) {
            terminal.out().print(ContextMarkdown.of(answer));
        } else if (!json(arguments, answer)) {
            ContextView.print(answer, terminal);
        }
        return found(answer.getItemsCount() + answer.getFactsCount());
    }

    private int diff(Arguments arguments) throws ClientFault {
        DiffAnswer answer = fromHere(arguments, arguments.text(), path -> client.diff(Requests.diff(arguments, path)));
        if (!json(arguments, answer)) {
            DiffView.print(answer, terminal);
        }
        return answer.getChange().equals("none") ? Exit.NOTHING : Exit.DONE;
    }

    private int versions(Arguments arguments) throws ClientFault {
        Requests.checkVersions(arguments);
        VersionsAnswer answer = fromHere(
                arguments, arguments.value("--path"), path -> client.versions(Requests.versions(arguments, path)));
        if (!json(arguments, answer)) {
            VersionsView.print(answer, terminal);
        }
        return found(answer.getVersionsCount());
    }

    private int show(Arguments arguments) throws ClientFault {
        ShowAnswer answer = fromHere(arguments, arguments.text(), path -> client.show(Requests.show(arguments, path)));
        if (!json(arguments, answer)) {
            // Only a terminal needs protection from what a file holds; a pipe gets the bytes as they are.
            String text = answer.getText();
            if (terminal.colour()) {
                text.lines().forEach(line -> terminal.out().println(Words.harmless(line)));
            } else {
                terminal.out().print(text);
            }
        }
        return Exit.DONE;
    }

    private int lake(Arguments arguments) throws ClientFault {
        LakeAnswer answer = client.lake(Requests.lake(arguments));
        if (!json(arguments, answer)) {
            LakeView.print(answer, terminal);
        }
        return Exit.DONE;
    }

    private int timeline(Arguments arguments) throws ClientFault {
        TimelineAnswer answer = client.timeline(Requests.timeline(arguments, terminal.cwd()));
        if (!json(arguments, answer)) {
            EventView.print(answer, terminal);
        }
        return found(answer.getEventsCount());
    }

    private int remember(Arguments arguments) throws ClientFault {
        RememberAnswer answer = client.remember(Requests.remember(arguments, terminal.cwd(), text(arguments)));
        if (!json(arguments, answer)) {
            terminal.out()
                    .println("remembered in " + Words.project(answer.getProjectName(), answer.getProject())
                            + " as sequence " + Words.number(answer.getSequence()));
        }
        return Exit.DONE;
    }

    private int status(Arguments arguments) throws ClientFault {
        StatusAnswer answer = client.status(StatusRequest.getDefaultInstance());
        if (!json(arguments, answer)) {
            StatusView.print(answer, terminal);
        }
        return Exit.DONE;
    }

    private int projects(Arguments arguments) throws ClientFault {
        ProjectsAnswer answer = client.projects(ProjectsRequest.getDefaultInstance());
        if (!json(arguments, answer)) {
            StatusView.projects(answer.getProjectsList(), terminal);
        }
        return found(answer.getProjectsCount());
    }

    private int forget(Arguments arguments) throws ClientFault {
        String project = arguments.text();
        ForgetAnswer answer = client.forget(ForgetRequest.newBuilder()
                .setProject(
                        project.contains("/") || project.equals(".")
                                ? Requests.onDisk(terminal.cwd(), project)
                                : project)
                .build());
        if (!json(arguments, answer)) {
            terminal.out()
                    .println("forgot " + Words.project(answer.getProjectName(), answer.getProject()) + ": "
                            + Words.number(answer.getOperations()) + " operations removed");
        }
        return Exit.DONE;
    }

    private boolean json(Arguments arguments, MessageOrBuilder answer) {
        if (!arguments.has("--json")) {
            return false;
        }
        terminal.out().println(ProtoJson.line(answer));
        return true;
    }

    private static int found(int count) {
        return count > 0 ? Exit.DONE : Exit.NOTHING;
    }

    /** The arguments as one text; a lone dash is the whole of standard input. */
    private String text(Arguments arguments) throws ClientFault {
        String text = arguments.text();
        if (!text.equals("-")) {
            if (text.isBlank()) {
                throw new ClientFault(
                        FaultCode.INVALID_ARGUMENT,
                        arguments.verb().name() + " needs a text, or --stdin; see: postdevai "
                                + arguments.verb().name() + " --help");
            }
            return text;
        }
        try {
            byte[] bytes = terminal.in().readNBytes(STDIN_BYTES_MAX + 1);
            if (bytes.length > STDIN_BYTES_MAX) {
                throw new ClientFault(
                        FaultCode.INVALID_ARGUMENT,
                        "standard input holds more than " + STDIN_BYTES_MAX + " bytes; give the part that matters");
            }
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new ClientFault(FaultCode.INTERNAL, "standard input cannot be read: " + e.getMessage());
        }
    }
}
