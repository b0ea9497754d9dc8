package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.cluster.Home;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.developer.client.ProtoJson;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.DoctorRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code doctor}: asks the node; where none runs, examines its home in a process of its own. */
final class DoctorCommand {
    private static final String MAIN = "ai.postdev.app.StoppedDoctor";

    private final Home home;
    private final NodeClient client;
    private final Terminal terminal;

    DoctorCommand(Home home, NodeClient client, Terminal terminal) {
        this.home = home;
        this.client = client;
        this.terminal = terminal;
    }

    int run(Arguments arguments) throws ClientFault {
        boolean repair = arguments.has("--repair");
        DoctorAnswer answer;
        try {
            answer = client.doctor(DoctorRequest.newBuilder().setRepair(repair).build());
        } catch (ClientFault fault) {
            boolean noNode = fault.code() == FaultCode.UNAVAILABLE;
            if (!noNode || !Files.isDirectory(home.data().resolve("journal"))) {
                throw fault;
            }
            answer = examined(repair);
        }
        if (arguments.has("--json")) {
            terminal.out().println(ProtoJson.line(answer));
        } else {
            StatusView.print(answer, terminal);
        }
        return answer.getHealthy() ? Exit.DONE : Exit.FAILED;
    }

    private DoctorAnswer examined(boolean repair) throws ClientFault {
        try {
            Path file = Files.createTempFile(home.root(), "doctor", ".answer");
            try {
                List<String> words = new ArrayList<>(List.of(file.toString()));
                if (repair) {
                    words.add("--repair");
                }
                new NodeProcess(home, terminal.environment()).runToEnd(MAIN, words);
                return DoctorAnswer.parseFrom(Files.readAllBytes(file));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ClientFault(
                    FaultCode.INTERNAL, "the home " + home.root() + " cannot be examined: " + e.getMessage());
        }
    }
}
