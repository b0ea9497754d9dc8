package ai.postdev.coordinator.openai;

import ai.postdev.coordinator.gateway.NodeService;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.ModelsRequest;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The models that requests can name: those of texts and of embeddings that are here. */
final class ModelList {
    private static final Set<String> HERE = Set.of("installed", "built-in");
    private static final Set<String> KINDS = Set.of("text", "embedding");

    private final NodeService service;

    ModelList(NodeService service) {
        this.service = service;
    }

    CompletionStage<JsonObject> all() {
        return service.models(ModelsRequest.getDefaultInstance()).thenApply(ModelList::list);
    }

    CompletionStage<JsonObject> one(String name) {
        return service.models(ModelsRequest.newBuilder().setName(name).build())
                .thenApply(answer -> model(answer.getModels(0)));
    }

    private static JsonObject list(ModelsAnswer answer) {
        JsonArray data = new JsonArray();
        answer.getModelsList().stream()
                .filter(model -> KINDS.contains(model.getKind()) && HERE.contains(model.getState()))
                .forEach(model -> data.add(model(model)));
        JsonObject json = new JsonObject();
        json.addProperty("object", "list");
        json.add("data", data);
        return json;
    }

    private static JsonObject model(ModelInfo model) {
        JsonObject json = new JsonObject();
        json.addProperty("id", model.getName());
        json.addProperty("object", "model");
        json.addProperty(
                "created",
                model.getPulled().isEmpty()
                        ? 0
                        : Instant.parse(model.getPulled()).getEpochSecond());
        json.addProperty("owned_by", "postdevai");
        return json;
    }
}
