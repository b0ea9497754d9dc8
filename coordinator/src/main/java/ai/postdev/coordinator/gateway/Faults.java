package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.protocol.Reply;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where refusals and exceptions become the codes that callers see. */
public final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /** The code for a reason of refusal. */
    public static FaultCode code(Reply.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> FaultCode.NOT_FOUND;
            case INVALID -> FaultCode.INVALID_ARGUMENT;
            case OVERLOADED -> FaultCode.RESOURCE_EXHAUSTED;
            case PRECONDITION -> FaultCode.FAILED_PRECONDITION;
            case UNAVAILABLE -> FaultCode.UNAVAILABLE;
            case FAILED -> FaultCode.INTERNAL;
        };
    }

    /** The fault for a refusal. */
    public static DoorFault of(Reply.Refused<?> refused) {
        return new DoorFault(code(refused.reason()), refused.message());
    }

    /**
     * The fault for anything thrown. What nobody expected is logged with its trace, and the caller is told its class
     * and message, because both are the same person.
     */
    public static DoorFault of(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        return expected(cause).orElseGet(() -> {
            LOG.error("A call failed", cause);
            return new DoorFault(
                    FaultCode.INTERNAL,
                    cause.getClass().getSimpleName() + ": " + cause.getMessage() + " (the node's log has more)");
        });
    }

    /** The code of that fault, without a line in the log. */
    static FaultCode code(Throwable thrown) {
        return expected(unwrapped(thrown)).map(DoorFault::code).orElse(FaultCode.INTERNAL);
    }

    private static Throwable unwrapped(Throwable thrown) {
        return switch (thrown) {
            case CompletionException wrapper when wrapper.getCause() != null -> unwrapped(wrapper.getCause());
            case ExecutionException wrapper when wrapper.getCause() != null -> unwrapped(wrapper.getCause());
            default -> thrown;
        };
    }

    private static Optional<DoorFault> expected(Throwable cause) {
        return switch (cause) {
            case DoorFault fault -> Optional.of(fault);
            case TimeoutException _ ->
                Optional.of(new DoorFault(
                        FaultCode.DEADLINE_EXCEEDED, "the node did not finish in time: " + cause.getMessage()));
            case StatusRuntimeException status -> Optional.of(of(status.getStatus()));
            case StatusException status -> Optional.of(of(status.getStatus()));
            default -> Optional.empty();
        };
    }

    /** What the innermost cause says. */
    static String rootMessage(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage();
    }

    private static DoorFault of(Status status) {
        String message = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        return new DoorFault(FaultCode.ofNumber(status.getCode().value()), message);
    }

    /** The gRPC status of a fault. */
    public static Status status(DoorFault fault) {
        return Status.fromCodeValue(fault.code().number()).withDescription(fault.getMessage());
    }
}
