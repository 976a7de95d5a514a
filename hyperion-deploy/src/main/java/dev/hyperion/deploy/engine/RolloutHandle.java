// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutOutcome;
import dev.hyperion.deploy.RolloutProgress;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.journal.RolloutRun;
import java.util.concurrent.CompletionStage;

/** A view of a rollout and a way to command it; the rollout itself is in the journal. Thread-safety: thread-safe. */
final class RolloutHandle implements Rollout {
    private final ApplicationController controller;
    private final String id;

    RolloutHandle(ApplicationController controller, String id) {
        this.controller = controller;
        this.id = id;
    }

    private RolloutRun run() {
        return controller
                .view()
                .run(id)
                .orElseThrow(() -> new IllegalStateException("rollout " + id + " is not in the journal"));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ApplicationId application() {
        return controller.application();
    }

    @Override
    public RolloutKind kind() {
        return run().kind();
    }

    @Override
    public RolloutState state() {
        return run().state();
    }

    @Override
    public RolloutProgress progress() {
        return controller.progress(run());
    }

    @Override
    public void promote(String who) {
        controller.ask(id, "promote", who, "promoted by " + who);
    }

    @Override
    public void pause(String who) {
        controller.ask(id, "pause", who, "paused by " + who);
    }

    @Override
    public void resume(String who) {
        controller.ask(id, "resume", who, "resumed by " + who);
    }

    @Override
    public void abort(String who, String why) {
        controller.ask(id, "abort", who, "aborted by " + who + (why.isEmpty() ? "" : ": " + why));
    }

    @Override
    public CompletionStage<RolloutOutcome> completion() {
        return controller.completion(id);
    }
}
