package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.developer.client.ServingClient;
import ai.postdev.v1.CancelPullRequest;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.RemoveModelAnswer;
import ai.postdev.v1.RemoveModelRequest;
import ai.postdev.v1.VerifyModelAnswer;
import ai.postdev.v1.VerifyModelRequest;
import com.google.protobuf.MessageOrBuilder;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.List;

/** {@code models}: what there is on this node, pulls, checks. */
final class ModelsCommand {
    /** What it can do. */
    static final List<String> ACTIONS = List.of(
            "list", "show", "pull", "cancel", "verify", "rm", "ps", "load", "unload", "pin", "unpin", "why", "bench");

    /** The longest silence of a node that pulls; it says every minute that it still does. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String FILE = "file:";

    private final NodeClient client;
    private final Terminal terminal;

    ModelsCommand(NodeClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    int run(Arguments arguments) throws ClientFault {
        String action = arguments.positional().getFirst();
        if (!ACTIONS.contains(action)) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT,
                    "models has no '" + action + "'; it has: " + String.join(", ", ACTIONS));
        }
        if (arguments.has("--as") && !action.equals("pull")) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "--as is for: models pull");
        }
        if (arguments.has("--ttl") && !action.equals("load")) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "--ttl is for: models load");
        }
        if (arguments.has("--seconds") && !action.equals("bench")) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "--seconds is for: models bench");
        }
        ServingCommand serving = new ServingCommand(new ServingClient(client), terminal);
        return switch (action) {
            case "ps" -> serving.ps(arguments);
            case "load" -> serving.load(arguments, named(arguments));
            case "unload" -> serving.unload(arguments, named(arguments));
            case "pin", "unpin" -> serving.pin(arguments, named(arguments), action.equals("pin"));
            case "why" -> serving.why(arguments);
            case "bench" -> serving.bench(arguments);
            case "list" -> list(arguments);
            case "verify" -> verify(arguments);
            case "show" -> show(arguments, named(arguments));
            case "pull" -> pull(arguments, named(arguments));
            case "cancel" -> cancel(arguments, named(arguments));
            default -> remove(arguments, named(arguments));
        };
    }

    private static String named(Arguments arguments) throws ClientFault {
        if (arguments.positional().size() < 2) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT,
                    "models " + arguments.text() + " needs the name of a model; see: postdevai models list");
        }
        return arguments.positional().get(1);
    }

    private int list(Arguments arguments) throws ClientFault {
        if (arguments.positional().size() > 1) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT, "models list takes no name; one model: postdevai models show NAME");
        }
        ModelsAnswer answer = client.models(ModelsRequest.getDefaultInstance());
        if (!json(arguments, answer)) {
            ModelsView.list(answer, terminal);
        }
        return answer.getModelsCount() > 0 ? Exit.DONE : Exit.NOTHING;
    }

    private int show(Arguments arguments, String name) throws ClientFault {
        ModelInfo model =
                client.models(ModelsRequest.newBuilder().setName(name).build()).getModels(0);
        if (!json(arguments, model)) {
            ModelsView.show(model, terminal);
        }
        return Exit.DONE;
    }

    private int pull(Arguments arguments, String model) throws ClientFault {
        PullModelRequest request = PullModelRequest.newBuilder()
                .setModel(source(model))
                .setName(arguments.value("--as"))
                .build();
        ModelsView.Line line = new ModelsView.Line(terminal);
        try {
            client.pullModel(request, PATIENCE, line::show);
        } finally {
            line.end();
        }
        ModelInfo pulled = line.last().getModel();
        if (!json(arguments, pulled)) {
            ModelsView.pulled(pulled, terminal);
        }
        return Exit.DONE;
    }

    /** A file that is named as files are is meant from here. */
    private String source(String model) throws ClientFault {
        boolean path = model.startsWith("/") || model.startsWith("./") || model.startsWith("../");
        if (!path && !model.startsWith(FILE)) {
            return model;
        }
        String given = path ? model : model.substring(FILE.length());
        try {
            return FILE
                    + terminal.cwd()
                            .resolve(given.startsWith("//") ? given.substring(2) : given)
                            .normalize();
        } catch (InvalidPathException e) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "'" + given + "' is no path: " + e.getReason());
        }
    }

    private int cancel(Arguments arguments, String name) throws ClientFault {
        MessageOrBuilder answer =
                client.cancelPull(CancelPullRequest.newBuilder().setName(name).build());
        if (!json(arguments, answer)) {
            terminal.out().println("the pull of " + Words.harmless(name) + " ends");
        }
        return Exit.DONE;
    }

    private int remove(Arguments arguments, String name) throws ClientFault {
        RemoveModelAnswer answer =
                client.removeModel(RemoveModelRequest.newBuilder().setName(name).build());
        if (!json(arguments, answer)) {
            terminal.out().println("removed " + answer.getName() + ": " + Words.bytes(answer.getBytes()) + " freed");
        }
        return Exit.DONE;
    }

    private int verify(Arguments arguments) throws ClientFault {
        if (arguments.positional().size() > 1) {
            return verify(arguments, arguments.positional().get(1)) ? Exit.DONE : Exit.FAILED;
        }
        ModelsAnswer all = client.models(ModelsRequest.getDefaultInstance());
        boolean healthy = all.getFindingsCount() == 0;
        for (ModelInfo model : all.getModelsList()) {
            if (model.getState().equals("installed")) {
                healthy &= verify(arguments, model.getName());
            }
        }
        for (String finding : all.getFindingsList()) {
            terminal.err().println(Words.harmless(finding));
        }
        return healthy ? Exit.DONE : Exit.FAILED;
    }

    private boolean verify(Arguments arguments, String name) throws ClientFault {
        ModelsView.Line line = new ModelsView.Line(terminal);
        try {
            client.verifyModel(VerifyModelRequest.newBuilder().setName(name).build(), PATIENCE, line::show);
        } finally {
            line.end();
        }
        VerifyModelAnswer answer = line.last().getVerified();
        if (!json(arguments, answer)) {
            ModelsView.verified(answer, terminal);
        }
        return answer.getHealthy();
    }

    private boolean json(Arguments arguments, MessageOrBuilder answer) {
        if (!arguments.has("--json")) {
            return false;
        }
        terminal.out().println(ProtoJson.line(answer));
        return true;
    }
}
