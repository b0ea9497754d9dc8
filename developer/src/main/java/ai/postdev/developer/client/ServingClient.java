package ai.postdev.developer.client;

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

/** The calls about models in memory. Single-threaded, as the client that it speaks through. */
public final class ServingClient {
    private final NodeClient client;

    /** Speaks through {@code client}, which stays its owner's. */
    public ServingClient(NodeClient client) {
        this.client = client;
    }

    /** See the service's {@code Serving}. */
    public ServingAnswer serving(ServingRequest request) throws ClientFault {
        return client.repeatable("Serving", request, ServingAnswer.parser());
    }

    /** See the service's {@code LoadModel}. */
    public ServedModel load(LoadModelRequest request) throws ClientFault {
        return client.call("LoadModel", request, ServedModel.parser(), 1);
    }

    /** See the service's {@code UnloadModel}. */
    public UnloadModelAnswer unload(UnloadModelRequest request) throws ClientFault {
        return client.call("UnloadModel", request, UnloadModelAnswer.parser(), 1);
    }

    /** See the service's {@code PinModel}. */
    public PinModelAnswer pin(PinModelRequest request) throws ClientFault {
        return client.call("PinModel", request, PinModelAnswer.parser(), 1);
    }

    /** See the service's {@code BenchModel}. */
    public BenchModelAnswer bench(BenchModelRequest request) throws ClientFault {
        return client.call("BenchModel", request, BenchModelAnswer.parser(), 1);
    }

    /** See the service's {@code WhyModel}. */
    public WhyModelAnswer why(WhyModelRequest request) throws ClientFault {
        return client.repeatable("WhyModel", request, WhyModelAnswer.parser());
    }
}
