"""What can go wrong with the register."""


class ProfileMissing(Exception):
    def __init__(self) -> None:
        super().__init__("this organisation has no profile yet: fill it in under /officer/, Organisation's profile")
