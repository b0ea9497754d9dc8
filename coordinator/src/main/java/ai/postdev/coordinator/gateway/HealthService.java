package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.grpc.health.v1.Health;
import ai.postdev.grpc.health.v1.HealthCheckRequest;
import ai.postdev.grpc.health.v1.HealthCheckResponse;
import ai.postdev.grpc.health.v1.HealthCheckResponse.ServingStatus;
import ai.postdev.v1.PostDevAi;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** The standard health service of gRPC. */
final class HealthService implements Health {
    private static final Set<String> SERVICES = Set.of("", PostDevAi.name);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final BooleanSupplier ready;

    HealthService(BooleanSupplier ready) {
        this.ready = ready;
    }

    @Override
    public CompletionStage<HealthCheckResponse> check(HealthCheckRequest request) {
        return SERVICES.contains(request.getService())
                ? CompletableFuture.completedFuture(now())
                : CompletableFuture.failedStage(new DoorFault(
                        FaultCode.NOT_FOUND,
                        "no service '" + request.getService() + "' here, expected " + PostDevAi.name));
    }

    @Override
    public Source<HealthCheckResponse, NotUsed> watch(HealthCheckRequest request) {
        if (!SERVICES.contains(request.getService())) {
            // The standard asks for a stream that stays open, because the service may come to be.
            return Source.single(answer(ServingStatus.SERVICE_UNKNOWN)).concat(Source.never());
        }
        return Source.tick(Duration.ZERO, LOOK_EVERY, NotUsed.getInstance())
                .mapMaterializedValue(_ -> NotUsed.getInstance())
                .map(_ -> now())
                .statefulMapConcat(() -> {
                    ServingStatus[] last = {ServingStatus.UNRECOGNIZED};
                    return response -> {
                        boolean changed = last[0] != response.getStatus();
                        last[0] = response.getStatus();
                        return changed ? List.of(response) : List.of();
                    };
                });
    }

    private HealthCheckResponse now() {
        return answer(ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    private static HealthCheckResponse answer(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
