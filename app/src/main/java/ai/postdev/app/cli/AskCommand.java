package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.v1.AskAnswer;
import ai.postdev.v1.AskEvent;
import ai.postdev.v1.AskRequest;
import ai.postdev.v1.AskTurn;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PullModelRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code ask}: one question, or a conversation whose questions are the lines of the input. */
final class AskCommand {
    /** The longest silence of a node that answers. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int EARLIER_MAX = 4;

    private final NodeClient client;
    private final Terminal terminal;

    AskCommand(NodeClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    int run(Arguments arguments) throws ClientFault {
        if (!arguments.has("--no-model")) {
            ensureModel(arguments.value("--model"));
        }
        if (!arguments.positional().isEmpty()) {
            return ask(arguments, String.join(" ", arguments.positional()), List.of())
                            .getFound()
                    ? Exit.DONE
                    : Exit.NOTHING;
        }
        return converse(arguments);
    }

    private int converse(Arguments arguments) throws ClientFault {
        BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        List<AskTurn> turns = new ArrayList<>();
        boolean found = false;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    AskAnswer answer = ask(arguments, line.strip(), turns);
                    terminal.flush();
                    found |= answer.getFound();
                    if (answer.getFound()) {
                        turns.add(AskTurn.newBuilder()
                                .setQuestion(line.strip())
                                .setAnswer(answer.getAnswer())
                                .build());
                    }
                    if (turns.size() > EARLIER_MAX) {
                        turns.removeFirst();
                    }
                }
            }
        } catch (IOException e) {
            throw new ClientFault(FaultCode.INTERNAL, "the questions cannot be read: " + e.getMessage());
        }
        return found ? Exit.DONE : Exit.NOTHING;
    }

    private AskAnswer ask(Arguments arguments, String question, List<AskTurn> earlier) throws ClientFault {
        AskView view = new AskView(terminal, arguments.has("--json"));
        client.ask(
                AskRequest.newBuilder()
                        .setQuestion(question)
                        .setProject(arguments.value("--project"))
                        .setModel(arguments.value("--model"))
                        .setNoModel(arguments.has("--no-model"))
                        .addAllEarlier(earlier)
                        .build(),
                PATIENCE,
                (AskEvent event) -> view.show(event));
        AskAnswer answer = view.answer();
        if (arguments.has("--json")) {
            terminal.out().println(ProtoJson.line(answer));
        }
        return answer;
    }

    /** The model that will be asked is brought here first if it is known and not here yet. */
    private void ensureModel(String name) throws ClientFault {
        List<ModelInfo> models =
                client.models(ModelsRequest.getDefaultInstance()).getModelsList();
        for (ModelInfo model : models) {
            boolean meant =
                    name.isEmpty() ? model.getDefault() : model.getName().equals(name);
            if (meant && (model.getState().equals("known") || model.getState().equals("pulling"))) {
                terminal.err()
                        .println("the model " + model.getName() + " is not here yet ("
                                + Words.harmless(model.getSummary()) + "; " + model.getLicence()
                                + "): fetching it once from " + Words.harmless(model.getSource()));
                ModelsView.Line line = new ModelsView.Line(terminal);
                try {
                    client.pullModel(
                            PullModelRequest.newBuilder()
                                    .setModel(model.getName())
                                    .build(),
                            PATIENCE,
                            line::show);
                } finally {
                    line.end();
                }
            }
        }
    }
}
