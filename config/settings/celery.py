"""Celery: Redis wakes workers, the job table is the truth. Reasons for each figure: docs/architecture.md, Jobs."""

from config import env


def celery_settings(redis_url: str) -> dict:
    """Settings under Celery's own (lower-case) names."""
    visibility_timeout = 900  # seconds; three times over, for the shortest one wins
    return {
        "broker_url": redis_url,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            "visibility_timeout": visibility_timeout,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "retry_on_timeout": True,
            "max_retries": 0,  # a publisher does not wait for a broker that is away: a customer would wait with it
        },
        "result_backend_transport_options": {"visibility_timeout": visibility_timeout},
        "visibility_timeout": visibility_timeout,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": 120,
        "task_time_limit": 180,
        "task_default_queue": "default",
        "task_create_missing_queues": True,
        "accept_content": ["json"],
        "worker_concurrency": env.worker_processes(),
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": 20,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_max_tasks_per_child": 200,
        "worker_max_memory_per_child": 400_000,
        "worker_hijack_root_logger": False,
    }
