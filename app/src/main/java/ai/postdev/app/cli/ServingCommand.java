package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.developer.client.ServingClient;
import ai.postdev.v1.BenchModelAnswer;
import ai.postdev.v1.BenchModelRequest;
import ai.postdev.v1.LoadModelRequest;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.PinModelRequest;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import ai.postdev.v1.ServingRequest;
import ai.postdev.v1.UnloadModelAnswer;
import ai.postdev.v1.UnloadModelRequest;
import ai.postdev.v1.WhyModelAnswer;
import ai.postdev.v1.WhyModelRequest;
import com.google.protobuf.MessageOrBuilder;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The actions of {@code models} that are about models in memory. */
final class ServingCommand {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h|d)");
    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3_600, "d", 86_400);

    private final ServingClient client;
    private final Terminal terminal;

    ServingCommand(ServingClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    int ps(Arguments arguments) throws ClientFault {
        if (arguments.positional().size() > 1) {
            throw new ClientFault(FaultCode.INVALID_ARGUMENT, "models ps takes no name");
        }
        ServingAnswer answer = client.serving(ServingRequest.getDefaultInstance());
        if (!json(arguments, answer)) {
            ServingView.ps(answer, terminal);
        }
        return answer.getModelsCount() > 0 ? Exit.DONE : Exit.NOTHING;
    }

    int load(Arguments arguments, String name) throws ClientFault {
        ServedModel model = client.load(LoadModelRequest.newBuilder()
                .setName(name)
                .setTtlSeconds(ttl(arguments))
                .build());
        if (!json(arguments, model)) {
            terminal.out()
                    .println(Words.harmless(model.getName()) + " is loaded on " + model.getEngine() + ": "
                            + Words.bytes(model.getBytes()) + ", pid " + model.getPid() + "; unused for "
                            + Words.duration(model.getTtlMs()) + " it goes again");
        }
        return Exit.DONE;
    }

    private static long ttl(Arguments arguments) throws ClientFault {
        if (!arguments.has("--ttl")) {
            return 0;
        }
        Matcher text = DURATION.matcher(arguments.value("--ttl"));
        long seconds = text.matches() ? Long.parseLong(text.group(1)) * SECONDS.get(text.group(2)) : 0;
        if (seconds < 1) {
            throw new ClientFault(
                    FaultCode.INVALID_ARGUMENT,
                    "--ttl is '" + arguments.value("--ttl") + "', expected for instance 90s, 20m, 8h or 2d");
        }
        return seconds;
    }

    int unload(Arguments arguments, String name) throws ClientFault {
        UnloadModelAnswer answer =
                client.unload(UnloadModelRequest.newBuilder().setName(name).build());
        if (!json(arguments, answer)) {
            terminal.out()
                    .println(Words.harmless(answer.getName()) + " is unloaded: " + Words.bytes(answer.getBytes())
                            + " came back");
        }
        return Exit.DONE;
    }

    int pin(Arguments arguments, String name, boolean pinned) throws ClientFault {
        PinModelAnswer answer = client.pin(
                PinModelRequest.newBuilder().setName(name).setUnpin(!pinned).build());
        if (!json(arguments, answer)) {
            String model = Words.harmless(answer.getName());
            terminal.out()
                    .println(
                            !answer.getPinned()
                                    ? model + " is not pinned any more"
                                    : answer.getLoaded()
                                            ? model + " stays in memory until the node ends"
                                            : model
                                                    + " stays in memory as soon as it is loaded; load it with: postdevai"
                                                    + " models load " + model);
        }
        return Exit.DONE;
    }

    int why(Arguments arguments) throws ClientFault {
        WhyModelAnswer answer =
                client.why(WhyModelRequest.newBuilder().setName(name(arguments)).build());
        if (!json(arguments, answer)) {
            ServingView.why(answer, terminal);
        }
        return answer.getLoadable() ? Exit.DONE : Exit.REFUSED;
    }

    int bench(Arguments arguments) throws ClientFault {
        BenchModelAnswer answer = client.bench(BenchModelRequest.newBuilder()
                .setName(name(arguments))
                .setSeconds(arguments.count("--seconds"))
                .build());
        if (!json(arguments, answer)) {
            ServingView.bench(answer, terminal);
        }
        return answer.getMeasuresCount() > 0 ? Exit.DONE : Exit.NOTHING;
    }

    /** The model that is named; empty: the default. */
    private static String name(Arguments arguments) {
        return arguments.positional().size() > 1 ? arguments.positional().get(1) : "";
    }

    private boolean json(Arguments arguments, MessageOrBuilder answer) {
        if (!arguments.has("--json")) {
            return false;
        }
        terminal.out().println(ProtoJson.line(answer));
        return true;
    }
}
