// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.tck.AlertNotifierContract;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

class LogAlertNotifierTest extends AlertNotifierContract {
    private final List<String> lines = new ArrayList<>();

    @Override
    protected AlertNotifier notifier() {
        Logger logger = (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, args) -> {
                    lines.add(method.getName());
                    return null;
                });
        return new LogAlertNotifier(logger);
    }

    @Override
    protected int arrived() {
        return lines.size();
    }
}
