package ai.postdev.developer.client;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.door.Frame;
import ai.postdev.actors.door.Frames;
import ai.postdev.v1.AskEvent;
import ai.postdev.v1.AskRequest;
import ai.postdev.v1.BackupRequest;
import ai.postdev.v1.CancelPullAnswer;
import ai.postdev.v1.CancelPullRequest;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.ExportRequest;
import ai.postdev.v1.ForgetAnswer;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.ModelsRequest;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.ProjectsAnswer;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.PullModelRequest;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.RemoveModelAnswer;
import ai.postdev.v1.RemoveModelRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.StopAnswer;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import ai.postdev.v1.VerifyModelRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Calls a node over its Unix-domain socket. Calls that may be repeated are tried again, with growing random pauses and
 * within one deadline, when the node is busy or the connection breaks; {@code Remember}, {@code Forget} and
 * {@code Stop} are sent once. One thread at a time; the connection is kept from call to call.
 */
public final class NodeClient implements AutoCloseable {
    private final Path socket;
    private final String whenAbsent;
    private final ClientSettings settings;
    private Wire wire;

    /**
     * A client; nothing is opened before the first call.
     *
     * @param socket of the node
     * @param whenAbsent what to tell when no node answers there
     */
    public NodeClient(Path socket, String whenAbsent, ClientSettings settings) {
        this.socket = socket;
        this.whenAbsent = whenAbsent;
        this.settings = settings;
    }

    /** See the service's {@code Status}. */
    public StatusAnswer status(StatusRequest request) throws ClientFault {
        return repeatable("Status", request, StatusAnswer.parser());
    }

    /** See the service's {@code Projects}. */
    public ProjectsAnswer projects(ProjectsRequest request) throws ClientFault {
        return repeatable("Projects", request, ProjectsAnswer.parser());
    }

    /** See the service's {@code Forget}. */
    public ForgetAnswer forget(ForgetRequest request) throws ClientFault {
        return call("Forget", request, ForgetAnswer.parser(), 1);
    }

    /** See the service's {@code Search}. */
    public SearchAnswer search(SearchRequest request) throws ClientFault {
        return repeatable("Search", request, SearchAnswer.parser());
    }

    /** See the service's {@code Recall}. */
    public RecallAnswer recall(RecallRequest request) throws ClientFault {
        return repeatable("Recall", request, RecallAnswer.parser());
    }

    /** See the service's {@code Pin}. */
    public PinAnswer pin(PinRequest request) throws ClientFault {
        return repeatable("Pin", request, PinAnswer.parser());
    }

    /** See the service's {@code Related}. */
    public RelatedAnswer related(RelatedRequest request) throws ClientFault {
        return repeatable("Related", request, RelatedAnswer.parser());
    }

    /** See the service's {@code Show}. */
    public ShowAnswer show(ShowRequest request) throws ClientFault {
        return repeatable("Show", request, ShowAnswer.parser());
    }

    /** See the service's {@code Context}. */
    public ContextAnswer context(ContextRequest request) throws ClientFault {
        return repeatable("Context", request, ContextAnswer.parser());
    }

    /** See the service's {@code Diff}. */
    public DiffAnswer diff(DiffRequest request) throws ClientFault {
        return repeatable("Diff", request, DiffAnswer.parser());
    }

    /** See the service's {@code Versions}. */
    public VersionsAnswer versions(VersionsRequest request) throws ClientFault {
        return repeatable("Versions", request, VersionsAnswer.parser());
    }

    /** See the service's {@code Timeline}. */
    public TimelineAnswer timeline(TimelineRequest request) throws ClientFault {
        return repeatable("Timeline", request, TimelineAnswer.parser());
    }

    /** See the service's {@code Remember}. */
    public RememberAnswer remember(RememberRequest request) throws ClientFault {
        return call("Remember", request, RememberAnswer.parser(), 1);
    }

    /** See the service's {@code Doctor}. */
    public DoctorAnswer doctor(DoctorRequest request) throws ClientFault {
        return repeatable("Doctor", request, DoctorAnswer.parser());
    }

    /** See the service's {@code Lake}. */
    public LakeAnswer lake(LakeRequest request) throws ClientFault {
        return repeatable("Lake", request, LakeAnswer.parser());
    }

    /** See the service's {@code Stop}. */
    public StopAnswer stop(StopRequest request) throws ClientFault {
        return call("Stop", request, StopAnswer.parser(), 1);
    }

    /**
     * Follows {@code Up} to its end; each line of progress goes to {@code each} on the caller's thread.
     *
     * @param patience the longest silence between two lines
     */
    public void up(UpRequest request, Duration patience, Consumer<UpProgress> each) throws ClientFault {
        follow("Up", request, UpProgress.parser(), patience, each);
    }

    /** Follows {@code Backup} to its end, as {@link #up} does. */
    public void backup(BackupRequest request, Duration patience, Consumer<CopyProgress> each) throws ClientFault {
        follow("Backup", request, CopyProgress.parser(), patience, each);
    }

    /** Follows {@code Export} to its end, as {@link #up} does. */
    public void export(ExportRequest request, Duration patience, Consumer<CopyProgress> each) throws ClientFault {
        follow("Export", request, CopyProgress.parser(), patience, each);
    }

    /** See the service's {@code Models}. */
    public ModelsAnswer models(ModelsRequest request) throws ClientFault {
        return repeatable("Models", request, ModelsAnswer.parser());
    }

    /** See the service's {@code CancelPull}. */
    public CancelPullAnswer cancelPull(CancelPullRequest request) throws ClientFault {
        return call("CancelPull", request, CancelPullAnswer.parser(), 1);
    }

    /** See the service's {@code RemoveModel}. */
    public RemoveModelAnswer removeModel(RemoveModelRequest request) throws ClientFault {
        return call("RemoveModel", request, RemoveModelAnswer.parser(), 1);
    }

    /** Follows {@code PullModel} to its end, as {@link #up} does. */
    public void pullModel(PullModelRequest request, Duration patience, Consumer<ModelProgress> each)
            throws ClientFault {
        follow("PullModel", request, ModelProgress.parser(), patience, each);
    }

    /** Follows {@code VerifyModel} to its end, as {@link #up} does. */
    public void verifyModel(VerifyModelRequest request, Duration patience, Consumer<ModelProgress> each)
            throws ClientFault {
        follow("VerifyModel", request, ModelProgress.parser(), patience, each);
    }

    /** Follows an answer to a question to its end, as {@link #up} does. */
    public void ask(AskRequest request, Duration patience, Consumer<AskEvent> each) throws ClientFault {
        follow("Ask", request, AskEvent.parser(), patience, each);
    }

    private <T> void follow(String method, MessageLite request, Parser<T> parser, Duration patience, Consumer<T> each)
            throws ClientFault {
        try {
            connected().until(System.nanoTime() + patience.toNanos());
            Frames.write(wire, new Frame.Request(method, 0, request.toByteArray()));
            while (true) {
                wire.until(System.nanoTime() + patience.toNanos());
                switch (next()) {
                    case Frame.Data(byte[] message) -> each.accept(parser.parseFrom(message));
                    case Frame.End(FaultCode code, String message) -> {
                        finish(code, message);
                        return;
                    }
                    case Frame.Request _ -> throw unexpected();
                }
            }
        } catch (SocketTimeoutException _) {
            drop();
            throw new ClientFault(
                    FaultCode.DEADLINE_EXCEEDED,
                    "the node said nothing for " + patience.toSeconds()
                            + " s; it may still be at work: postdevai status");
        } catch (IOException e) {
            drop();
            throw lost(e);
        }
    }

    /** Whether a node accepts connections now. */
    public boolean reachable() {
        try {
            connected();
            return true;
        } catch (ClientFault | IOException _) {
            // Not yet, or not any more: that is the answer.
            return false;
        }
    }

    <A extends MessageLite> A repeatable(String method, MessageLite request, Parser<A> parser) throws ClientFault {
        return call(method, request, parser, settings.attemptsMax());
    }

    <A extends MessageLite> A call(String method, MessageLite request, Parser<A> parser, int attempts)
            throws ClientFault {
        long deadline = System.nanoTime() + settings.deadline().toNanos();
        long pauseMax = settings.backoffFirst().toMillis();
        for (int attempt = 1; ; attempt++) {
            ClientFault fault;
            try {
                return once(method, request, parser, deadline);
            } catch (SocketTimeoutException _) {
                drop();
                throw new ClientFault(
                        FaultCode.DEADLINE_EXCEEDED,
                        method + " had no answer within " + settings.deadline().toMillis()
                                + " ms; give more time with --timeout, or look at: postdevai status");
            } catch (IOException e) {
                drop();
                fault = lost(e);
            } catch (ClientFault e) {
                if (e.code() != FaultCode.UNAVAILABLE && e.code() != FaultCode.RESOURCE_EXHAUSTED) {
                    throw e;
                }
                fault = e;
            }
            long pause = ThreadLocalRandom.current().nextLong(pauseMax + 1);
            boolean inTime = System.nanoTime() + pause * 1_000_000 < deadline;
            if (attempt >= attempts || !inTime || wire == null && !Files.exists(socket)) {
                throw fault;
            }
            sleep(pause, fault);
            pauseMax = Math.min(2 * pauseMax, settings.backoffMax().toMillis());
        }
    }

    private <A extends MessageLite> A once(String method, MessageLite request, Parser<A> parser, long deadline)
            throws IOException, ClientFault {
        connected().until(deadline);
        long millis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        Frames.write(wire, new Frame.Request(method, millis, request.toByteArray()));
        A answer = null;
        while (true) {
            // Not a pattern switch: its bootstrap would cost the command line several milliseconds on every call.
            Frame frame = next();
            if (frame instanceof Frame.Data data) {
                answer = parse(method, data.message(), parser);
            } else if (frame instanceof Frame.End end) {
                finish(end.code(), end.message());
                if (answer == null) {
                    throw unexpected();
                }
                return answer;
            } else {
                throw unexpected();
            }
        }
    }

    private static <A> A parse(String method, byte[] message, Parser<A> parser) throws ClientFault {
        try {
            return parser.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new ClientFault(FaultCode.INTERNAL, "the answer to " + method + " cannot be read: " + e.getMessage());
        }
    }

    private Frame next() throws IOException {
        return Frames.read(wire, settings.answerBytesMax())
                .orElseThrow(() -> new EOFException("the node closed the connection"));
    }

    private void finish(FaultCode code, String message) throws ClientFault {
        if (code != FaultCode.OK) {
            // A door that refused a caller closes; a fresh connection is right after every fault.
            drop();
            throw new ClientFault(code, message);
        }
    }

    private static ClientFault unexpected() {
        return new ClientFault(
                FaultCode.INTERNAL,
                "the node broke the conversation; it may be of another version: postdevai stop, then up");
    }

    private ClientFault lost(IOException e) {
        return new ClientFault(
                FaultCode.UNAVAILABLE,
                "the connection to the node broke (" + e.getMessage() + "); see whether it runs: postdevai status");
    }

    private Wire connected() throws ClientFault, IOException {
        if (wire == null) {
            try {
                wire = Wire.connect(socket);
            } catch (IOException e) {
                String found = String.valueOf(e.getMessage());
                if (found.contains("ermission denied")) {
                    throw new ClientFault(
                            FaultCode.PERMISSION_DENIED, "the socket " + socket + " belongs to another user: " + found);
                }
                throw new ClientFault(FaultCode.UNAVAILABLE, whenAbsent);
            }
        }
        return wire;
    }

    private static void sleep(long millis, ClientFault fault) throws ClientFault {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw fault;
        }
    }

    private void drop() {
        Wire dropped = wire;
        wire = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (IOException _) {
                // It was broken already; there is nothing left to lose.
                return;
            }
        }
    }

    @Override
    public void close() {
        drop();
    }
}
